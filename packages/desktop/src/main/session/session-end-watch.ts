import type { SessionEndWarning } from '../../ipc/state.js';
import type { Clock } from '../clock.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** The latest first: what is due is the first whose time has come. */
const WARNINGS: readonly { readonly warning: SessionEndWarning; readonly beforeMs: number }[] = [
  { warning: 'HOUR', beforeMs: HOUR_MS },
  { warning: 'DAY', beforeMs: DAY_MS },
  { warning: 'WEEK', beforeMs: 7 * DAY_MS },
];

/** Timers stand still while a laptop sleeps and overflow beyond 24 days, so the time is looked at now and then. */
const LONGEST_NAP_MS = HOUR_MS / 2;

/** Which warning is due `remainingMs` before a session's end. */
export function warningAt(remainingMs: number): SessionEndWarning | null {
  return WARNINGS.find(({ beforeMs }) => remainingMs <= beforeMs)?.warning ?? null;
}

/** Tells when a session comes within 7 days, 1 day and 1 hour of its end, each once, and when the end is there. */
export class SessionEndWatch {
  readonly #clock: Clock;
  readonly #onWarning: (warning: SessionEndWarning | null) => void;
  readonly #onEnd: () => void;
  #endsAt = 0;
  /** The end that was told already: a server whose clock is behind repeats it. */
  #toldEnd: number | undefined;
  #warning: SessionEndWarning | null = null;
  #cancel: () => void = () => undefined;

  constructor(
    clock: Clock,
    onWarning: (warning: SessionEndWarning | null) => void,
    onEnd: () => void,
  ) {
    this.#clock = clock;
    this.#onWarning = onWarning;
    this.#onEnd = onEnd;
  }

  /** Watches a session that ends at `endsAt`, in milliseconds since 1970, in the place of any other. */
  watch(endsAt: number): void {
    this.#endsAt = endsAt;
    this.#look();
  }

  stop(): void {
    this.#cancel();
    this.#warning = null;
  }

  #look(): void {
    this.#cancel();
    const remainingMs = this.#endsAt - this.#clock.now();
    const due = warningAt(remainingMs);
    if (due !== this.#warning) {
      this.#warning = due;
      this.#onWarning(due);
    }
    if (remainingMs <= 0) {
      if (this.#toldEnd === this.#endsAt) return;
      this.#toldEnd = this.#endsAt;
      this.#onEnd();
      return;
    }
    this.#cancel = this.#clock.after(this.#untilNext(remainingMs), () => this.#look());
  }

  #untilNext(remainingMs: number): number {
    const nextChange = [0, ...WARNINGS.map(({ beforeMs }) => beforeMs)]
      .filter((beforeMs) => beforeMs < remainingMs)
      .reduce((nearest, beforeMs) => Math.max(nearest, beforeMs), 0);
    return Math.min(remainingMs - nextChange, LONGEST_NAP_MS);
  }
}
