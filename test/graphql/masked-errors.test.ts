import { expect, test } from 'vitest';
import { askEndpoint, createToken, SIGN_UP, signedUp, signUpRequest } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { openSocket } from '../support/socket.js';
import { openStored } from '../support/stored.js';

const TABLE_IS_AWAY = /no such table|ER_NO_SUCH_TABLE/;
/** Keeps accounts from being made, with an error of the database's own. */
const NO_ROOM = {
  sqlite:
    "CREATE TRIGGER no_room BEFORE INSERT ON accounts BEGIN SELECT RAISE(ABORT, 'no_room'); END",
  mysql: 'ALTER TABLE accounts ADD CONSTRAINT no_room CHECK (createdAt < 0)',
};

test('an unexpected error is masked with an id, under which the log has it', async () => {
  await using home = await makeHome();
  const server = await home.start();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const token = await createToken(server, secret);
  await using socket = await openSocket(server.url, secret);
  await using stored = await openStored(home.database);
  await stored.run('ALTER TABLE access_tokens RENAME TO away');

  const overSocket = (await socket.ask('{ accessTokens { totalCount } }')) as {
    errors: { message: string; extensions: { code: string; errorId: string } }[];
  };
  const overHttp = await server.error('{ accessTokens { totalCount } }', { secret });
  for (const { message, extensions } of [overHttp, ...overSocket.errors]) {
    expect(extensions).toEqual({
      code: 'INTERNAL',
      errorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(message).toContain(extensions.errorId);
    expect(message).not.toMatch(/access_tokens|SELECT|SQL/i);
    expect(message).not.toMatch(/no such table|doesn't exist/);
    expect(await server.logged(extensions.errorId ?? 'none')).toMatch(TABLE_IS_AWAY);
  }

  const endpoint = await askEndpoint(server, token.secret);
  expect(endpoint.status).toBe(503);
  expect(endpoint.headers.get('retry-after')).toBe('1');
  const answer = await endpoint.text();
  expect(answer).not.toMatch(/access_tokens|SELECT|SQL/i);
  expect(answer).not.toMatch(/no such table|doesn't exist/);
  await stored.run('ALTER TABLE away RENAME TO access_tokens');
  expect((await askEndpoint(server, token.secret)).status).toBe(200);
});

test('the log of a statement that failed holds none of its values', async () => {
  await using home = await makeHome();
  const server = await home.start();
  await using stored = await openStored(home.database);
  await stored.run(NO_ROOM[home.database.engine]);
  const { extensions } = await server.error(SIGN_UP, signUpRequest('alice'));
  const line = await server.logged(extensions.errorId ?? 'none');
  expect(JSON.parse(line).err).toMatchObject({
    type: 'DatabaseFault',
    statement: 'INSERT accounts',
  });
  expect(line).not.toMatch(/argon2id|somebody@example/);
});
