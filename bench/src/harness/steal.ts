import { readFileSync } from 'node:fs';

/** What the cores have done since they were started, in ticks. */
interface Ticks {
  readonly all: number;
  /** Given to other machines on the same host. */
  readonly stolen: number;
}

function ticks(): Ticks | undefined {
  if (process.platform !== 'linux') return undefined;
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // proc(5): user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in the first two.
  const counts = line.split(/\s+/).slice(1, 9).map(Number);
  return { all: counts.reduce((sum, count) => sum + count, 0), stolen: counts[7] ?? 0 };
}

/** Begins to watch; @returns what tells how many percent of the cores' time a virtual machine's host has given to others. */
export function watchSteal(): () => number {
  const before = ticks();
  return () => {
    const after = ticks();
    if (before === undefined || after === undefined) return 0;
    return (100 * (after.stolen - before.stolen)) / Math.max(1, after.all - before.all);
  };
}
