/** The value below which `share` (0 to 1) of `values` lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The median of each figure over several rounds. */
export function medians<Key extends string>(
  rounds: readonly { readonly [K in Key]: number }[],
): Record<Key, number> {
  const keys = Object.keys(rounds[0] ?? {}) as Key[];
  const entries = keys.map((key) => [key, median(rounds.map((round) => round[key]))]);
  return Object.fromEntries(entries) as Record<Key, number>;
}
