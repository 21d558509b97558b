import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';

test('a second server on the same embedded database does not start, and says why', async () => {
  await using first = await startServer();
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: `sqlite:${first.databasePath}`,
    LATCHKEY_LOG_LEVEL: 'silent',
  });

  await expect(createServer(config)).rejects.toThrow(
    /Another Latchkey server uses .*latchkey\.sqlite/,
  );
});

test('a database is free again once its server has stopped, or could not start', async () => {
  await using taken = await startServer();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const env = {
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_LOG_LEVEL: 'silent',
  };

  const atTakenPort = createServer(loadConfig({ ...env, PORT: new URL(taken.url).port }));
  await expect(atTakenPort).rejects.toThrow(/cannot listen on .*EADDRINUSE.*Set PORT/);
  const first = await createServer(loadConfig({ ...env, PORT: '0' }));
  await first.close();
  const second = await createServer(loadConfig({ ...env, PORT: '0' }));

  await second.close();
  await rm(folder, { recursive: true });
});
