import type { Clock } from './clock.js';

const CLEAR_AFTER_MS = 60_000;

/** The system's clipboard, as far as it is needed. */
export interface Clipboard {
  readText(): string;
  writeText(text: string): void;
  clear(): void;
}

/** Puts secrets on the clipboard for a minute; what somebody copied since is left alone. */
export class SecretClipboard {
  readonly #clipboard: Clipboard;
  readonly #clock: Clock;
  #secret: string | undefined;
  #cancel: () => void = () => undefined;

  constructor(clipboard: Clipboard, clock: Clock) {
    this.#clipboard = clipboard;
    this.#clock = clock;
  }

  copySecret(text: string): void {
    this.#cancel();
    this.#secret = text;
    this.#clipboard.writeText(text);
    this.#cancel = this.#clock.after(CLEAR_AFTER_MS, () => this.clear());
  }

  copyText(text: string): void {
    this.#clipboard.writeText(text);
  }

  /** Takes the secret off the clipboard now: when its minute is over, and when the app quits. */
  clear(): void {
    this.#cancel();
    if (this.#secret !== undefined && this.#clipboard.readText() === this.#secret) {
      this.#clipboard.clear();
    }
    this.#secret = undefined;
  }
}
