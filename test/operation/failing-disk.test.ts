import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Acknowledged } from '../support/acknowledged.js';
import { failCalls } from '../support/failing-calls.js';
import { readiness } from '../support/graphql.js';
import { signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { requireProgram } from '../support/programs/find-program.js';
import { makeSmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';

const ROUNDS = 50;
/** On a machine that does much else. */
const LIMIT_MS = 120_000;
const STEPS_A_ROUND = 1;
const STEPS_AT_ONCE = 2;
/** A process that is started anew takes half a second. */
const ROUNDS_A_PROCESS = 12;
const MANY = {
  LATCHKEY_SIGN_UPS_PER_HOUR: '10000',
  LATCHKEY_SIGN_IN_FAILURES: '1000',
  LATCHKEY_TOKENS_PER_HOUR: '10000',
};

/** Lets the process write no file beyond so many bytes: the system then refuses each write, as a quota or a failing disk does. */
function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  execFileSync(requireProgram('prlimit'), ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}

test('writes that the system refuses are answered 503, and the server is well again without a restart', async () => {
  await using home = await makeHome();
  const server = await home.start(MANY);
  const { sessionSecret } = await signedUp(server, 'alice');
  const acknowledged = new Acknowledged('alice', sessionSecret);
  const token = await acknowledged.create(server);

  limitFiles(server.pid, 0);
  await expect(acknowledged.use(server, token)).rejects.toThrow('not decided');
  await expect(acknowledged.remove(server, token)).rejects.toThrow('UNAVAILABLE');
  expect(await readiness(server)).toBe(503);
  await server.logged('The disk fails');
  limitFiles(server.pid, 'unlimited');
  await until('it is ready', 2000, async () => (await readiness(server)) === 200);
  await acknowledged.use(server, token);

  // What cannot be written at a stop does not keep it from stopping.
  limitFiles(server.pid, 0);
  expect(await server.stop()).toBe(0);
  await acknowledged.check(await home.start(MANY));
  expect(acknowledged.wrong).toEqual([]);
});

test.for([
  ['does not sync', 'fsync,fdatasync', 'EIO'],
  ['becomes read-only', 'pwrite64,ftruncate', 'EROFS'],
] as const)('nothing is acknowledged while the disk %s', async ([, calls, error], context) => {
  await using home = await makeHome();
  const server = await home.start(MANY);
  const { sessionSecret } = await signedUp(server, 'alice');
  const acknowledged = new Acknowledged('alice', sessionSecret);
  const token = await acknowledged.create(server);
  {
    await using failing = await failCalls(server.pid, calls, error);
    if (failing === undefined) return context.skip();
    await expect(acknowledged.use(server, token)).rejects.toThrow('not decided');
    await expect(acknowledged.remove(server, token)).rejects.toThrow('UNAVAILABLE');
    expect(await readiness(server)).toBe(503);
  }
  await until('it is ready', 2000, async () => (await readiness(server)) === 200);
  await acknowledged.use(server, token);
  await server.kill();
  await acknowledged.check(await home.start(MANY));
  expect(acknowledged.wrong).toEqual([]);
});

test(
  `${ROUNDS} rounds of kills, full disks and I/O errors lose nothing that was acknowledged`,
  async () => {
    await using disk = await makeSmallDisk(4);
    await using home = disk ? await makeHome(disk.database, disk.prefix) : await makeHome();
    let server = await home.start(MANY);
    const { sessionSecret } = await signedUp(server, 'alice');
    const acknowledged = new Acknowledged('alice', sessionSecret);
    for (let round = 1; round <= ROUNDS; round++) {
      const isFull = round % 2 === 0;
      const steps = Array.from({ length: STEPS_AT_ONCE }, async () => {
        for (let step = 0; step < STEPS_A_ROUND; step++) await acknowledged.step(server);
      });
      if (isFull) disk?.fill();
      else limitFiles(server.pid, 0);
      if (round % ROUNDS_A_PROCESS === 0) await server.kill();
      await Promise.all(steps);
      if (isFull) disk?.free();
      else limitFiles(server.pid, 'unlimited');
      if (round % ROUNDS_A_PROCESS === 0) server = await home.start(MANY);
      await acknowledged.step(server);
      expect([round, acknowledged.wrong]).toEqual([round, []]);
    }
    await server.kill();
    await acknowledged.check(await home.start(MANY));
    expect(acknowledged.wrong).toEqual([]);
    expect(acknowledged.count.done).toBeGreaterThan(ROUNDS);
    expect(acknowledged.count.failed).toBeGreaterThan(ROUNDS / 4);
    const { done, failed } = acknowledged.count;
    process.stdout.write(`${ROUNDS} rounds: ${done} steps acknowledged, ${failed} failed\n`);
  },
  LIMIT_MS,
);
