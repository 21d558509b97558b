import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { PASSWORD, startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signIn, signInOn, signUp, verify } from '../support/people.js';

/** Tables with rows of everybody: what reads them all, or all that are live, costs more with every account. */
const PLAN_OF_ALL =
  /SCAN (accounts|sessions|access_tokens|access_token_secrets|usage_\w+|token|session|event|\w*AccessToken|Session|Account)\b|\((removedAt|endedAt|liveUntil)=\?\)/;
/** One row of a table, whichever it is. */
const ANY_ROW = /^SELECT 1 .*LIMIT 1$/;

/** Collects the text of every statement that this process prepares while `work` goes on. */
async function statementsOf(work: () => Promise<void>): Promise<Set<string>> {
  const texts = new Set<string>();
  const connection: { prepare: (text: string) => unknown } = Libsql.prototype;
  const { prepare } = connection;
  connection.prepare = function (text) {
    texts.add(text);
    return prepare.call(this, text);
  };
  await work().finally(() => {
    connection.prepare = prepare;
  });
  return texts;
}

/** All that people do, and what the server does by itself. */
async function everything(server: TestServer): Promise<void> {
  await signUp(server, 'alice');
  const { sessionSecret: secret } = await signIn(server, 'alice');
  const ask = (query: string, variables = {}) => server.ask(query, { secret, variables });
  const desktops = [];
  for (let device = 0; device < 60; device++) {
    desktops.push(await signInOn(server, 'alice', `device ${device % 58}`));
  }
  const [first, second, third] = desktops;
  await ask('mutation ($id: ID!) { endSession(id: $id) { id } }', { id: second?.sessionId });
  await server.ask('mutation { ensureSessionToken { secret } }', { secret: third?.sessionSecret });
  await server.ask('mutation { signOut }', { secret: third?.sessionSecret });
  const token = await createToken(server, secret);
  const other = await createToken(server, secret);
  await verify(server, token.secret);
  await ask('mutation ($id: ID!) { rotateAccessToken(id: $id) { secret } }', { id: token.id });
  await ask('mutation ($id: ID!) { updateAccessToken(input: { id: $id, active: false }) { id } }', {
    id: token.id,
  });
  await ask('mutation ($ids: [ID!]!) { setAccessTokensActive(ids: $ids, active: true) { id } }', {
    ids: [token.id, other.id],
  });
  for (const orderBy of [
    'CREATED_AT_DESC',
    'LAST_USED_AT_DESC',
    'LAST_USED_AT_ASC',
    'EXPIRES_AT_ASC',
  ]) {
    const query = `{ accessTokens(first: 1, orderBy: ${orderBy}, filter: { statuses: [ACTIVE, REMOVED], search: "a", unusedSince: "2200-01-01T00:00:00.000Z" }) {
      totalCount pageInfo { endCursor } edges { node { usageByDay { allowed } recentCallers { useCount } session { id } } } } }`;
    const { accessTokens } = await ask(query);
    const after = `after: "${accessTokens.pageInfo.endCursor}"`;
    await ask(query.replace('first: 1', `first: 1, ${after}`));
  }
  await ask(
    '{ sessions { accessToken { id } } usageEvents { edges { cursor } } viewer { account { id } } }',
  );
  await ask('mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }', { ids: [token.id] });
  await fetch(`${server.url}/credentials/revoke`, {
    method: 'POST',
    body: JSON.stringify({ credentials: [other.secret, first?.sessionSecret] }),
  });
  await ask(
    'mutation ($old: String!) { changePassword(currentPassword: $old, newPassword: "another long password") }',
    { old: PASSWORD },
  );
  await ask('mutation { endOtherSessions }');
  server.clock.advance(40 * DAY);
  await server.server.housekeep();
  server.clock.advance(100 * DAY);
  await server.server.housekeep();
}

// MySQL has statistics of its tables and chooses by them; `docs/mysql.md` has its plans.
test('whatever one account does, no statement goes through the rows of all', async () => {
  await using server = await startServer();
  const texts = await statementsOf(() => everything(server));
  const database = new Libsql(server.databasePath);
  const offences = [...texts]
    .filter((text) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/i.test(text) && !ANY_ROW.test(text))
    .flatMap((text) => {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[];
      return plan.map(({ detail }) => `${detail}: ${text}`);
    })
    .filter((detail) => PLAN_OF_ALL.test(detail.split(': ')[0] ?? ''));
  database.close();
  expect(texts.size).toBeGreaterThan(50);
  expect(offences).toEqual([]);
});
