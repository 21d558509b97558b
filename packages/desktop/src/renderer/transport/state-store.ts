import type { TransportState, Unsubscribe } from './transport.js';

export interface Listeners<Arguments extends readonly unknown[]> {
  readonly add: (listener: (...values: Arguments) => void) => Unsubscribe;
  readonly call: (...values: Arguments) => void;
}

export function createListeners<Arguments extends readonly unknown[]>(): Listeners<Arguments> {
  const listeners = new Set<(...values: Arguments) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    call(...values) {
      for (const listener of [...listeners]) listener(...values);
    },
  };
}

export interface StateStore {
  readonly get: () => TransportState;
  /** Changes it, and tells everybody who follows. */
  readonly set: (change: Partial<TransportState>) => void;
  readonly onChanged: (listener: () => void) => Unsubscribe;
}

/** Holds the state that the screens follow. */
export function createStateStore(initial: TransportState): StateStore {
  let state = initial;
  const changed = createListeners<[]>();
  return {
    get: () => state,
    set(change: Partial<TransportState>) {
      state = { ...state, ...change };
      changed.call();
    },
    onChanged: changed.add,
  };
}
