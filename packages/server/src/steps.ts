import { setTimeout } from 'node:timers/promises';

/**
 * Repeats `step` as long as it says that there is more to do. After each it rests for as long as that took: the event loop
 * and the disk are everybody's, and one that is never idle holds up every answer.
 */
export async function inSteps(step: () => Promise<boolean>): Promise<void> {
  for (;;) {
    const startedAt = performance.now();
    if (!(await step())) return;
    await setTimeout(performance.now() - startedAt);
  }
}
