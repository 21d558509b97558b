import { useSyncExternalStore } from 'react';

const TICK_MS = 10_000;

let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The present, in UTC milliseconds, renewed every ten seconds; one timer serves every time on the page. */
export function useNow(): number {
  return useSyncExternalStore(follow, () => nowMs);
}

function follow(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  // A clock that stood still while nothing was shown must not lag behind what is shown next.
  if (listeners.size === 1) tick();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}
