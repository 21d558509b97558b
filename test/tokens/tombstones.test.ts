import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer } from '../support/latchkey.js';
import { askEndpoint, createToken, signedUp, signInOn } from '../support/people.js';
import { openStored } from '../support/stored.js';

const LIST = `query ($statuses: [AccessTokenStatus!]) {
  accessTokens(filter: { statuses: $statuses }) {
    totalCount
    edges { node { id status removedAt removalReason removalNote } }
  }
}`;

test('a removed token is listed only when removed ones are asked for, with who, when and why', async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  const { sessionSecret: secret } = await signInOn(server, 'alice', 'laptop');
  const { id } = await createToken(server, secret);
  server.clock.advance(1000);
  await server.ask(`mutation { deleteAccessTokens(ids: ["${id}"]) }`, { secret });

  const idsOf = async (statuses?: string[]) =>
    (await server.ask(LIST, { secret, variables: { statuses } })).accessTokens.edges.map(
      ({ node }: { node: { id: string } }) => node.id,
    );
  expect(await idsOf()).not.toContain(id);
  expect(await idsOf(['ACTIVE', 'INACTIVE', 'EXPIRED'])).not.toContain(id);
  const { accessTokens } = await server.ask(LIST, { secret, variables: { statuses: ['REMOVED'] } });
  expect(accessTokens).toEqual({
    totalCount: 1,
    edges: [
      {
        node: {
          id,
          status: 'REMOVED',
          removedAt: new Date(server.clock.now()).toISOString(),
          removalReason: 'DELETED',
          removalNote: 'Deleted by alice on laptop.',
        },
      },
    ],
  });
});

test('a tombstone is purged after its retention, and its secret is then as unknown as any', async () => {
  await using server = await startServer({ LATCHKEY_TOMBSTONE_DAYS: '10' });
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  await server.ask(`mutation { deleteAccessTokens(ids: ["${id}"]) }`, { secret: session });

  server.clock.advance(10 * DAY - 1);
  await server.server.housekeep();
  expect((await askEndpoint(server, secret)).headers.get('www-authenticate')).toContain(
    'was removed',
  );
  server.clock.advance(1);
  await server.server.housekeep();
  expect((await askEndpoint(server, secret)).headers.get('www-authenticate')).toContain(
    'not a valid access token',
  );
  const { accessToken } = await server.ask(`{ accessToken(id: "${id}") { id } }`, {
    secret: session,
  });
  expect(accessToken).toBeNull();
  await using stored = await openStored(server.database);
  expect(
    await stored.all('SELECT * FROM access_token_secrets WHERE accessTokenId = ?', id),
  ).toEqual([]);
});
