import { randomBytes } from 'node:crypto';
import { makeSecret } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { PASSWORD, startServer } from '../support/latchkey.js';
import { askEndpoint, createToken, signedUp, signInOn } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';

test('a known secret is refused with its reason, in the challenge and in the body', async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  const { sessionSecret: session } = await signInOn(server, 'alice', 'laptop');
  const soon = new Date(server.clock.now() + 60_000).toISOString();
  const tokens = {
    deleted: await createToken(server, session),
    expired: await createToken(server, session, { expiresAt: soon }),
    inactive: await createToken(server, session),
    rotated: await createToken(server, session),
  };
  await server.ask(
    `mutation {
      deleteAccessTokens(ids: ["${tokens.deleted.id}"])
      updateAccessToken(input: { id: "${tokens.inactive.id}", active: false }) { id }
      rotateAccessToken(id: "${tokens.rotated.id}") { secret }
    }`,
    { secret: session },
  );
  server.clock.advance(60_000);
  const reasonOf = async (secret: string) => {
    const response = await askEndpoint(server, secret);
    expect(response.status).toBe(401);
    const { error, error_description: reason } = (await response.json()) as Record<string, string>;
    expect(error).toBe('invalid_token');
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="Latchkey", error="invalid_token", error_description="${reason}"`,
    );
    return reason;
  };

  expect(await reasonOf(tokens.deleted.secret)).toBe(
    'This token was removed at 2026-01-15 12:00 UTC. Deleted by alice on laptop.',
  );
  expect(await reasonOf(tokens.expired.secret)).toBe(
    'This token expired at 2026-01-15 12:01 UTC. Make a new one.',
  );
  expect(await reasonOf(tokens.inactive.secret)).toContain('is switched off');
  expect(await reasonOf(tokens.rotated.secret)).toContain(
    'was rotated and ended at 2026-01-15 12:00',
  );
});

test('a session token tells how its session came to its end', async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  const reasonOf = async (secret: string) =>
    ((await (await askEndpoint(server, secret)).json()) as { error_description: string })
      .error_description;
  const pruned = await signInOn(server, 'alice', 'one');
  const signedOut = await signInOn(server, 'alice', 'two');
  await server.ask('mutation { signOut }', { secret: signedOut.sessionSecret });
  const replaced = await signInOn(server, 'alice', 'three');
  await signInOn(server, 'alice', 'three');
  for (const device of ['four', 'five', 'six', 'build-box'])
    await signInOn(server, 'alice', device);

  expect(await reasonOf(pruned.accessTokenSecret)).toContain('Removed when build-box signed in');
  expect(await reasonOf(signedOut.accessTokenSecret)).toContain('Its session signed out.');
  expect(await reasonOf(replaced.accessTokenSecret)).toContain(
    'Replaced when three signed in again',
  );
  const last = await signInOn(server, 'alice', 'seven');
  server.clock.advance(30 * DAY);
  expect(await reasonOf(last.accessTokenSecret)).toMatch(
    /session that made this token is over|Its session expired/,
  );
});

test("a device's name cannot break out of the challenge", async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  const { accessTokenSecret } = await signInOn(server, 'alice', 'a"b\\c, Basic realm="é');
  await signInOn(server, 'alice', 'a"b\\c, Basic realm="é');
  const { headers } = await askEndpoint(server, accessTokenSecret);
  expect(headers.get('www-authenticate')).toMatch(
    /^Bearer realm="Latchkey", error="invalid_token", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]*"$/,
  );
});

test('secrets of one form get one answer, to the byte, whether they exist or not', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const made = (kind: Parameters<typeof makeSecret>[0]) => makeSecret(kind, randomBytes);
  const forms = {
    tokens: [made('PERSONAL'), made('SESSION_TOKEN'), made('ORGANIZATION'), `${secret}0`],
    sessions: [made('SESSION'), sessionSecret],
    passwords: [PASSWORD, 'a', 'é', secret.slice(1), secret.toUpperCase()],
  };
  const answers = async (secrets: readonly string[]) => {
    const found = new Set<string>();
    for (const each of secrets) {
      const { headers, ...answer } = await rawHttp(server.url, '/auth/verify', {
        headers: [['Authorization', `Bearer ${Buffer.from(each).toString('latin1')}`]],
      });
      found.add(JSON.stringify({ ...answer, headers: { ...headers, date: '' } }));
    }
    return found.size;
  };
  expect(await answers(forms.tokens)).toBe(1);
  expect(await answers(forms.sessions)).toBe(1);
  expect(await answers(forms.passwords)).toBe(1);
});
