import {
  type SessionSpan,
  sessionEndWarning,
  untilNextWarningMs,
} from '../../ipc/session-rules.js';
import type { SessionEndWarning } from '../../ipc/state.js';
import type { Clock } from '../clock.js';

/** Timers stand still while a laptop sleeps and overflow beyond 24 days, so the time is looked at now and then. */
const LONGEST_WAIT_MS = 30 * 60 * 1000;

/** Tells when a session comes within 7 days, 1 day and 1 hour of its end, each once, and when the end is there. */
export class SessionEndWatch {
  readonly #clock: Clock;
  readonly #onWarning: (warning: SessionEndWarning | null) => void;
  readonly #onEnd: () => void;
  #span: SessionSpan = { createdAtMs: 0, expiresAtMs: 0 };
  /** The end that was told already: a server whose clock is behind repeats it. */
  #toldEndMs: number | undefined;
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

  /** Watches a session in the place of any other. */
  watch(span: SessionSpan): void {
    this.#span = span;
    this.#look();
  }

  stop(): void {
    this.#cancel();
    this.#warning = null;
  }

  #look(): void {
    this.#cancel();
    const nowMs = this.#clock.now();
    const { expiresAtMs } = this.#span;
    const due = sessionEndWarning(this.#span, nowMs);
    if (due !== this.#warning) {
      this.#warning = due;
      this.#onWarning(due);
    }
    if (expiresAtMs <= nowMs) {
      if (this.#toldEndMs === expiresAtMs) return;
      this.#toldEndMs = expiresAtMs;
      this.#onEnd();
      return;
    }
    const waitMs = Math.min(untilNextWarningMs(this.#span, nowMs), LONGEST_WAIT_MS);
    this.#cancel = this.#clock.after(waitMs, () => this.#look());
  }
}
