/** Preloaded into every measured server: answers each message of the benchmark with what the process has used so far. */

export interface Usage {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

process.on('message', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage: Usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 };
  process.send?.(usage);
});
// No server outlives the benchmark, however that ends.
process.on('disconnect', () => process.exit());
process.channel?.unref();
