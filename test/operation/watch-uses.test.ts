import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signIn, signUp } from '../support/people.js';
import { freePort } from '../support/programs/free-port.js';
import { until } from '../support/until.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/watch-uses.js', import.meta.url));

/** The example as a process of its own. */
function watchUses(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [EXAMPLE], { env: { ...process.env, ...env } });
  const said = { output: '', errors: '' };
  child.stdout.on('data', (chunk) => {
    said.output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.errors += chunk;
  });
  const ended = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return { said, ended, kill: () => child.kill() };
}

test('without a server the example says so in one line, and its exit code tells a script', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const watching = watchUses({ LATCHKEY_URL: url, LATCHKEY_SECRET: 'lks_x' });
  expect(await watching.ended).toBe(2);
  expect(watching.said.errors).toMatch(
    /^No Latchkey server answers at http:\S+: connect ECONNREFUSED \S+\.\n$/,
  );
});

test('the example repeats why its secret is refused, and prints uses where it is not', async () => {
  await using latchkey = await startServer();
  const refused = watchUses({ LATCHKEY_URL: latchkey.url, LATCHKEY_SECRET: 'lks_wrong' });
  expect(await refused.ended).toBe(2);
  expect(refused.said.errors).toMatch(/^The server closed the connection \(4403\)\. .+\n$/);

  await signUp(latchkey, 'alice');
  const { sessionSecret } = await signIn(latchkey, 'alice');
  const { secret } = await createToken(latchkey, sessionSecret, { scopes: ['READ'] });
  const watching = watchUses({ LATCHKEY_URL: latchkey.url, LATCHKEY_SECRET: sessionSecret });
  try {
    await until('a use is printed', 20_000, async () => {
      await fetch(`${latchkey.url}/auth/verify`, {
        headers: { authorization: `Bearer ${secret}` },
      });
      return watching.said.output.includes('"outcome":"ALLOWED"');
    });
  } finally {
    watching.kill();
    await watching.ended;
  }
  expect(watching.said.errors).toBe('');
});
