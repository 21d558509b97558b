import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { openSocket } from '../support/socket.js';
import { openStored, type Stored } from '../support/stored.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

/** Keeps everyone from a table: a change of it waits for a reader, and later ones wait for the change. */
async function keepFrom(table: string, database: TestDatabase) {
  const reader = await openStored(database);
  const changer = await openStored(database);
  await reader.run('START TRANSACTION');
  await reader.all(`SELECT * FROM ${table} LIMIT 1`);
  const changed = changer.run(`ALTER TABLE ${table} COMMENT = ''`);
  await until('nobody reads it', 5000, async () => {
    return (await waiting(reader, `ALTER TABLE ${table}`)) === 1;
  });
  return {
    async [Symbol.asyncDispose]() {
      await reader.run('COMMIT');
      await changed;
      await reader[Symbol.asyncDispose]();
      await changer[Symbol.asyncDispose]();
    },
  };
}

async function waiting(stored: Stored, statement: string): Promise<number> {
  const found = await stored.all(
    `SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE ?
      AND STATE = 'Waiting for table metadata lock'`,
    `${statement}%`,
  );
  return found.length;
}

test('a socket that opens while the database is asked about the others stays open', async () => {
  await using database = await createTestDatabase();
  // Two without Redis: each asks the database about its sockets, again and again.
  await using here = await startServer({ DATABASE_URL: database.url });
  await using _there = await startServer({ DATABASE_URL: database.url });
  const { sessionSecret } = await signedUp(here, 'alice');
  const early = await createToken(here, sessionSecret);
  const late = await createToken(here, sessionSecret);
  await using stored = await openStored(database);
  await using earlySocket = await openSocket(here.url, early.secret);

  const journal = await keepFrom('usage_journal', database);
  const opening = openSocket(here.url, late.secret);
  await until('its use is about to be recorded', 5000, async () => {
    return (await waiting(stored, 'INSERT INTO usage_journal')) > 0;
  });
  const tokens = await keepFrom('access_tokens', database);
  await until('the database is asked about the early one', 5000, async () => {
    return (await waiting(stored, 'SELECT `AccessToken`')) > 0;
  });
  await journal[Symbol.asyncDispose]();
  await using lateSocket = await opening;
  await tokens[Symbol.asyncDispose]();

  await here.ask('mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }', {
    variables: { ids: [early.id] },
    secret: sessionSecret,
  });
  expect(await earlySocket.closed).toMatchObject({ code: 4403 });
  let lateClosed = false;
  void lateSocket.closed.then(() => {
    lateClosed = true;
  });
  expect(await lateSocket.ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
  expect(lateClosed).toBe(false);
});
