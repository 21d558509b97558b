import { setTimeout } from 'node:timers/promises';

/** Asks again and again until the answer is true; throws once `limitMs` have passed. @returns how long it took */
export async function until(
  what: string,
  limitMs: number,
  isTrue: () => Promise<boolean> | boolean,
): Promise<number> {
  const begunAt = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - begunAt > limitMs) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await setTimeout(10);
  }
  return performance.now() - begunAt;
}
