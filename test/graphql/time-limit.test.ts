import { expect, test, vi } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { CREATE, signedUp } from '../support/people.js';
import { openSocket } from '../support/socket.js';
import { openStored } from '../support/stored.js';
import { until } from '../support/until.js';

const LIMIT_MS = 30_000;
const CREATE_OVER_SOCKET =
  'mutation { createAccessToken(input: { description: "slow", scopes: [READ] }) { secret } }';

test('an operation that does not end is answered UNAVAILABLE after thirty seconds, over HTTP and over a socket', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  await using socket = await openSocket(server.url, secret);
  await using stored = await openStored(server.database);
  await stored.run('BEGIN');
  await stored.all('SELECT * FROM locks FOR UPDATE');
  const waiting = async () => {
    const statements = await stored.all<{ Info: string | null }>('SHOW PROCESSLIST');
    return statements.filter(({ Info }) => Info?.startsWith('INSERT INTO locks')).length;
  };

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const input = { description: 'slow', scopes: ['READ'] };
    const overHttp = server.error(CREATE, { variables: { input }, secret });
    const overSocket = socket.ask(CREATE_OVER_SOCKET);
    await until('both wait for the account', 2_500, async () => (await waiting()) === 2);
    vi.advanceTimersByTime(LIMIT_MS);
    const { errors } = (await overSocket) as { errors: unknown[] };
    for (const error of [await overHttp, ...errors]) {
      expect(error).toMatchObject({
        message: expect.stringContaining('took too long'),
        extensions: { code: 'UNAVAILABLE' },
      });
    }
  } finally {
    vi.useRealTimers();
  }
  await stored.run('ROLLBACK');
});
