import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { openStored } from '../support/stored.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';
import { person } from './support/people.js';

const startOn = ({ url }: TestDatabase, registry = 'test-registry') =>
  startServer({ DATABASE_URL: url, LATCHKEY_REGISTRY_SERVICE: registry });

const kids = async ({ url }: TestServer) => {
  const { keys } = (await (await fetch(`${url}/registry/jwks.json`)).json()) as {
    keys: { kid: string }[];
  };
  return keys.map(({ kid }) => kid);
};

async function keysIn(database: TestDatabase): Promise<string[]> {
  await using stored = await openStored(database);
  const rows = await stored.all<{ kid: string }>('SELECT kid FROM signing_keys ORDER BY kid');
  return rows.map(({ kid }) => kid);
}

test('servers that start together make one first key', async () => {
  await using database = await createTestDatabase();
  // Without a registry it makes no key, and the migrations are done.
  await using _first = await startOn(database, '');
  await using stored = await openStored(database);
  // Nobody writes a key until all have found that there is none.
  await stored.run('START TRANSACTION');
  await stored.run('SELECT kid FROM signing_keys FOR UPDATE');
  const starting = Promise.all([startOn(database), startOn(database), startOn(database)]);
  await until('three servers wait', 20_000, async () => {
    const waiting = await stored.all(`SELECT 1 FROM information_schema.PROCESSLIST
      WHERE DB = DATABASE() AND INFO REGEXP '^INSERT INTO .?(signing_keys|locks)'`);
    return waiting.length === 3;
  });
  await stored.run('COMMIT');
  const servers = await starting;
  try {
    const made = await keysIn(database);
    expect(made).toHaveLength(1);
    for (const server of servers) expect(await kids(server)).toEqual(made);
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});

test('of rotations on several servers at once one takes place, and the others are a conflict', async () => {
  await using database = await createTestDatabase();
  await using one = await startOn(database);
  await using two = await startOn(database);
  await using three = await startOn(database);
  const { sessionSecret: secret } = await person(one, 'alice');
  const rotate = 'mutation { rotateRegistryKey(activateAfterSeconds: 3600) { kid } }';
  const codes = await Promise.all(
    [one, two, three].map((server) => server.refusal(rotate, { secret })),
  );
  expect(codes.sort()).toEqual(['CONFLICT', 'CONFLICT', 'not refused']);
  expect(await keysIn(database)).toHaveLength(2);
});
