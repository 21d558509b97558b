/** Does `work` for 0 to `count` - 1, so many at once; @returns what came of each, in their order. */
export async function inParallel<Result>(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = Array.from({ length: count }, (_, index) => index).values();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const index of left) results[index] = await work(index);
  });
  await Promise.all(workers);
  return results;
}
