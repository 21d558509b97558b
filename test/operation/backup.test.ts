import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signIn, signUp, verify } from '../support/people.js';

const serverEntry = createRequire(import.meta.url).resolve('@latchkey/server');

async function backUp(server: TestServer, target: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(dirname(serverEntry), 'backup.js'), target], {
    env: { DATABASE_URL: `sqlite:${server.databasePath}` },
  });
}

test('a backup taken while the server serves is a database that serves in its place', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  const token = await createToken(server, sessionSecret);
  expect(await verify(server, token.secret)).toBe(200);
  const copy = join(dirname(server.databasePath), 'copy.sqlite');

  await backUp(server, copy);

  const later = await createToken(server, sessionSecret);
  await using restored = await startServer({ DATABASE_URL: `sqlite:${copy}` });
  expect(await verify(restored, token.secret)).toBe(200);
  expect(await verify(restored, later.secret)).toBe(401);
  expect((await stat(copy)).mode & 0o077).toBe(0);
});

test('a backup overwrites nothing', async () => {
  await using server = await startServer();

  await expect(backUp(server, server.databasePath)).rejects.toThrow('overwrites nothing');
});
