import { expect, test } from 'vitest';
import type { Log } from '../../packages/server/dist/core/log.js';
import { runCommand } from '../support/command.js';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { makeHome, type TestHome } from '../support/process.js';
import { openStored } from '../support/stored.js';
import { TestClock } from '../support/test-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const ROTATE = `mutation ($id: ID!) { rotateAccessToken(id: $id, overlapSeconds: 600) { secret } }`;

/** A server of this process over the home's database, by a clock of the test's. */
function startBy(clock: TestClock, { database }: TestHome, log?: Log): Promise<TestServer> {
  const env = { DATABASE_URL: database.url, ...database.env };
  return startServer(env, { clock, ...(log && { log }) });
}

/** A log whose lines are only counted. */
function listening(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const keep = (_: unknown, line: string) => lines.push(line);
  return { log: { info: () => {}, warn: keep, error: keep, fatal: keep } as unknown as Log, lines };
}

/** A secret that expired, one whose rotation's overlap is over, and one that is good. */
async function secretsPastTheirEnd(server: TestServer) {
  const { sessionSecret } = await signedUp(server, 'alice');
  const at = new Date(server.clock.now() + HOUR_MS).toISOString();
  const expiring = await createToken(server, sessionSecret, { expiresAt: at });
  const rotated = await createToken(server, sessionSecret);
  const { rotateAccessToken } = await server.ask(ROTATE, {
    secret: sessionSecret,
    variables: { id: rotated.id },
  });
  const secrets = [expiring.secret, rotated.secret, rotateAccessToken.secret as string];
  expect(await answers(server, secrets)).toEqual([200, 200, 200]);
  server.clock.advance(HOUR_MS + MINUTE_MS);
  expect(await answers(server, secrets)).toEqual([401, 401, 200]);
  return secrets;
}

function answers(server: Pick<TestServer, 'url' | 'ask'>, secrets: readonly string[]) {
  return Promise.all(secrets.map((secret) => verify(server as TestServer, secret)));
}

test('a clock that is set back two hours revives neither an expired token nor a rotated secret', async () => {
  await using home = await makeHome();
  const { log, lines } = listening();
  const startedMs = new TestClock().now();
  let secrets: string[];
  {
    await using server = await startBy(new TestClock(), home, log);
    secrets = await secretsPastTheirEnd(server);
    server.clock.advance(-2 * HOUR_MS);
    expect(await answers(server, secrets)).toEqual([401, 401, 200]);
    await expect.poll(() => lines).toEqual([expect.stringContaining('time stands still')]);
  }
  {
    // The next process knows of it too.
    await using server = await startBy(new TestClock(startedMs - HOUR_MS), home);
    expect(await answers(server, secrets)).toEqual([401, 401, 200]);
  }
  {
    await using stored = await openStored(home.database);
    await stored.run('DELETE FROM clock_marks');
    // What was not written down yet when a server was killed, its usage events tell.
    await using server = await startBy(new TestClock(startedMs - HOUR_MS), home);
    expect(await answers(server, secrets)).toEqual([401, 401, 200]);
    // From where it has caught up, time goes on.
    server.clock.advance(3 * HOUR_MS);
    const { sessionSecret } = await signedUp(server, 'bob');
    const { secret } = await createToken(server, sessionSecret, {
      expiresAt: new Date(server.clock.now() + HOUR_MS).toISOString(),
    });
    expect(await verify(server, secret)).toBe(200);
    server.clock.advance(HOUR_MS);
    expect(await verify(server, secret)).toBe(401);
  }
});

test('after a clock that was far ahead, a server starts only once the earlier time was accepted', async () => {
  await using home = await makeHome();
  let secret: string;
  {
    await using server = await startBy(new TestClock(Date.now() - MINUTE_MS), home);
    const { sessionSecret } = await signedUp(server, 'alice');
    const expiresAt = new Date(Date.now() + 30 * DAY_MS).toISOString();
    ({ secret } = await createToken(server, sessionSecret, { expiresAt }));
    server.clock.advance(400 * DAY_MS);
    expect(await verify(server, secret)).toBe(401);
  }

  const refused = await home.runToEnd();
  expect(refused.exitCode).toBe(69);
  expect(refused.notes).toMatch(/The clock says 20.*has seen 20.*npm run accept-clock/);

  const env = { DATABASE_URL: home.database.url, ...home.database.env };
  const accepted = await runCommand('accept-clock', [], env);
  expect(accepted.stdout).toMatch(/takes 20.* for the time now; it had seen 20/);
  for (const _ of ['after it was accepted', 'and after a use was recorded since']) {
    const server = await home.start();
    expect(await verify(server, secret)).toBe(200);
    await server.kill();
  }
});

test('a leap ahead removes nothing by its time', async () => {
  await using home = await makeHome();
  const { log, lines } = listening();
  await using server = await startBy(new TestClock(), home, log);
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id } = await createToken(server, sessionSecret);
  await server.ask('mutation ($id: ID!) { deleteAccessTokens(ids: [$id]) }', {
    secret: sessionSecret,
    variables: { id },
  });
  await using stored = await openStored(home.database);
  const count = async (sql: string) => Number((await stored.all<{ n: number }>(sql))[0]?.n);
  const kept = () => count('SELECT COUNT(*) AS n FROM access_tokens');
  expect(await kept()).toBe(1);

  server.clock.advance(400 * DAY_MS);

  await expect.poll(() => lines).toContainEqual(expect.stringContaining('leapt ahead'));
  // By then what removes had its turn again and again.
  const nowMs = server.clock.now();
  await expect
    .poll(() => count(`SELECT COUNT(*) AS n FROM clock_marks WHERE latestMs = ${nowMs}`))
    .toBe(1);
  expect(await kept()).toBe(1);
});
