import type { DiffLine } from '../../ipc/integrations.js';

const CONTEXT_LINES = 3;

/** Lines that differ in one place, with a little of what is around them. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && isSame(before[head], after[head])) head++;
  let tail = 0;
  while (tail < most - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  if (removed.length === 0 && added.length === 0) return [];
  return [
    ...lines('KEPT', after.slice(Math.max(0, head - CONTEXT_LINES), head)),
    ...lines('REMOVED', removed),
    ...lines('ADDED', added),
    ...lines('KEPT', after.slice(after.length - tail).slice(0, CONTEXT_LINES)),
  ];
}

/** A comma that a new neighbour brings is no change worth reading. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one?.replace(/,$/, '') === other?.replace(/,$/, '');
}

function lines(change: DiffLine['change'], texts: readonly string[]): DiffLine[] {
  return texts.map((text) => ({ change, text }));
}
