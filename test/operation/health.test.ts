import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { bytesOf } from '../support/stored.js';

test('a server that serves is healthy and ready, and counts its decisions', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  await verify(server, secret);
  await verify(server, secret, '?scope=write');

  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('latchkey_uses_total{endpoint="FORWARD_AUTH",outcome="ALLOWED"} 1');
  expect(metrics).toContain('latchkey_uses_total{endpoint="FORWARD_AUTH",outcome="REFUSED"} 1');
  expect(metrics).not.toContain('alice');
});

test('a stop answers what is under way, then ends with success', async () => {
  await using home = await makeHome();
  const server = await home.start();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const underWay = Array.from({ length: 50 }, () =>
    verify(server, secret).catch(() => 'not taken'),
  );
  expect(await underWay[0]).toBe(200);

  const exitCode = await server.stop();

  expect(exitCode).toBe(0);
  // SQLite's log is folded into the database.
  expect((await bytesOf(home.database)).get('latchkey.sqlite-wal')?.length ?? 0).toBe(0);
  const answers = await Promise.all(underWay);
  // Each is answered, or came too late to be taken; none is taken and dropped with a failure.
  expect(answers.filter((answer) => answer !== 200 && answer !== 'not taken')).toEqual([]);
});

test('an address with nothing at it is not found, so that a mistyped proxy lets nobody in', async () => {
  await using server = await startServer();
  for (const path of ['/auth/verfy', '/auth', '/nothing', '/graphql/', '/tokensx']) {
    expect([path, (await fetch(`${server.url}${path}`)).status]).toEqual([path, 404]);
  }
});
