import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

const SERVER_CORE = 0;
const LOAD_CORE = 1;

const canPin =
  availableParallelism() > 1 && spawnSync('taskset', ['-p', String(process.pid)]).status === 0;

/** The command that runs `command` on the core that the measured servers have to themselves. */
export function onServerCore(command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '-c', String(SERVER_CORE), ...command] : command;
}

/** Moves this process, which makes the load, away from the servers' core. */
export function moveToLoadCore(): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', String(LOAD_CORE), String(process.pid)]);
}

/** What it all ran on, in a line. */
export function describeMachine(): string {
  const pinned = canPin
    ? `servers on core ${SERVER_CORE}, load on core ${LOAD_CORE}`
    : 'nothing pinned: taskset or a second core is missing';
  const [first] = cpus();
  return `Node ${process.version}, ${cpus().length} × ${first?.model.trim() ?? 'unknown'}; ${pinned}`;
}
