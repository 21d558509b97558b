import { DatabaseClock } from '../cluster/database-time.js';
import { Members } from '../cluster/members.js';
import { loadConfig } from '../config.js';
import { systemClock } from '../core/clock.js';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { ClockMark } from '../usage/clock-mark.js';

/**
 * Takes the time that the clock says for the right one, though the database has seen a later one: for a clock that was ahead by
 * mistake and was put right. What that clock made expire is good again, and what it removed stays removed.
 */
async function acceptClock(): Promise<string> {
  const { database: address, ...settings } = loadConfig(process.env);
  process.stderr.write(`The database is ${address.location}\n`);
  const database = await openDatabase({ database: address, ...settings }, true);
  try {
    const nowMs = await timeOf(database);
    const mark = new ClockMark(database);
    const latestMs = await mark.latestMs();
    const [now, latest] = [nowMs, latestMs].map((timeMs) => new Date(timeMs).toISOString());
    if (latestMs <= nowMs) {
      return `The clock says ${now}, and the database has seen none later than ${latest}. Nothing was changed.`;
    }
    await mark.accept(nowMs);
    return `The database takes ${now} for the time now; it had seen ${latest}. Start the server.`;
  } finally {
    await database.close();
  }
}

async function timeOf(database: Database): Promise<number> {
  if (database.engine === 'sqlite') return systemClock.now();
  if ((await new Members(database.sql).others()).size > 0) {
    throw new Error('Stop every server of the database first: they still go by the later time.');
  }
  const clock = new DatabaseClock(database.sql);
  await clock.adjust();
  return clock.now();
}

process.umask(0o077);
try {
  process.stdout.write(`${await acceptClock()}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
