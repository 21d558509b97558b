import type { AppState } from '../ipc/state.js';

const STARTING: AppState = {
  phase: 'STARTING',
  session: { status: 'SIGNED_OUT', notice: null, lastUsername: null },
  serverAddress: null,
  secretStorage: 'MEMORY',
  connection: { status: 'IDLE', problem: null, retryAt: null },
  pendingSignOutCount: 0,
};

/** The one copy of the app's state; windows and the tray are told of every change. */
export class StateHolder {
  #current = STARTING;
  readonly #listeners = new Set<(state: AppState) => void>();

  get current(): AppState {
    return this.#current;
  }

  change(patch: Partial<AppState>): void {
    this.#current = { ...this.#current, ...patch };
    for (const listener of this.#listeners) listener(this.#current);
  }

  onChange(listener: (state: AppState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
