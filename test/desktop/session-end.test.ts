import { expect, test } from 'vitest';
import { SessionEndWatch } from '../../packages/desktop/src/main/session/session-end-watch.js';
import { TestClock } from '../support/desktop-clock.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** A watch whose warnings are listed. */
function startWatch() {
  const clock = new TestClock();
  const told: (string | null)[] = [];
  const watch = new SessionEndWatch(
    clock,
    (warning) => told.push(warning),
    () => undefined,
  );
  return { clock, told, watch };
}

test('a session warns 7 days, 1 day and 1 hour before its end, each once, and then tells the end', () => {
  const clock = new TestClock();
  const start = clock.now();
  const told: [string | null, number][] = [];
  const watch = new SessionEndWatch(
    clock,
    (warning) => told.push([warning, clock.now() - start]),
    () => told.push(['END', clock.now() - start]),
  );
  watch.watch({ createdAtMs: 0, expiresAtMs: start + 30 * DAY_MS });
  clock.advance(40 * DAY_MS);
  expect(told).toEqual([
    ['WEEK', 23 * DAY_MS],
    ['DAY', 29 * DAY_MS],
    ['HOUR', 30 * DAY_MS - HOUR_MS],
    ['END', 30 * DAY_MS],
  ]);
});

test('a machine that slept through a warning gives the one that is due when it wakes', () => {
  const { clock, told, watch } = startWatch();
  watch.watch({ createdAtMs: 0, expiresAtMs: clock.now() + 2 * HOUR_MS });
  expect(told).toEqual(['DAY']);
});

test('a session that is shorter than a warning’s time does not begin with that warning', () => {
  const { clock, told, watch } = startWatch();
  const createdAtMs = clock.now();
  watch.watch({ createdAtMs, expiresAtMs: createdAtMs + DAY_MS });
  expect(told).toEqual([]);
  clock.advance(DAY_MS);
  expect(told).toEqual(['HOUR']);
});

test('an end that moves away takes the warning back', () => {
  const { clock, told, watch } = startWatch();
  watch.watch({ createdAtMs: 0, expiresAtMs: clock.now() + HOUR_MS / 2 });
  watch.watch({ createdAtMs: 0, expiresAtMs: clock.now() + 30 * DAY_MS });
  expect(told).toEqual(['HOUR', null]);
});

test('the warning is in the state and raised as a notice', async () => {
  const clock = new TestClock(Date.now());
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start({ clock });
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  for (const [days, count] of [
    [24, 1],
    [5.5, 2],
    [0.49, 3],
  ] as const) {
    clock.advance(days * DAY_MS);
    await desktop.until(() => desktop.notices.length === count);
  }
  expect(desktop.state.session).toMatchObject({ status: 'SIGNED_IN', warning: 'HOUR' });
  expect(desktop.notices.map(({ kind, title }) => [kind, title])).toEqual([
    ['SESSION_ENDING', 'Your session ends within 7 days'],
    ['SESSION_ENDING', 'Your session ends within a day'],
    ['SESSION_ENDING', 'Your session ends within an hour'],
  ]);
});

test('a session whose end moved on the server meanwhile warns of nothing', async () => {
  const clock = new TestClock(Date.now());
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start({ clock });
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const [session] = server.sessions;
  const later = new Date(clock.now() + 90 * DAY_MS).toISOString();
  if (session !== undefined) session.expiresAt = later;
  clock.advance(24 * DAY_MS);
  await desktop.until(() => {
    const current = desktop.state.session;
    return current.status === 'SIGNED_IN' && current.expiresAt === later;
  });
  expect(desktop.state.session).toMatchObject({ warning: null });
  expect(desktop.notices).toEqual([]);
});
