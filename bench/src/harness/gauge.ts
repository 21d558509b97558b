import { readFileSync } from 'node:fs';

/** Preloaded into every measured server: answers each message of the benchmark with what the process has used so far. */

export interface Usage {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuSeconds: (user + system) / 1e6, peakMiB: peakKiB() / 1024 };
  process.send?.(usage);
});

/** Linux counts the memory of the process that started this one into `maxRSS`, and keeps this one's own apart. */
function peakKiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

// No server outlives the benchmark, however that ends.
process.on('disconnect', () => process.exit());
process.channel?.unref();
