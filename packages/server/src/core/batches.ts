import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';

/** There is one event loop: two tasks that each rest half of the time would leave it none. */
const oneAtATime = pLimit(1);

/**
 * Repeats `step` as long as it says that there is more to do. After each it rests for as long as that took, and so does
 * every other task that works in batches: the event loop and the disk are everybody's, and one that is never idle holds up every answer.
 */
export async function inBatches(step: () => Promise<boolean>): Promise<void> {
  let more = true;
  while (more) {
    more = await oneAtATime(async () => {
      const startedAt = performance.now();
      const left = await step();
      await setTimeout(performance.now() - startedAt);
      return left;
    });
  }
}
