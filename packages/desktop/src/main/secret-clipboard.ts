import type { Clock } from './clock.js';

const CLEAR_AFTER_MS = 60_000;

/** The system's clipboard, as far as it is needed. */
export interface Clipboard {
  readText(): Promise<string>;
  writeText(text: string): Promise<void>;
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

  async copySecret(text: string): Promise<void> {
    this.#cancel();
    this.#secret = text;
    this.#cancel = this.#clock.after(CLEAR_AFTER_MS, () => void this.clear());
    await this.#clipboard.writeText(text);
  }

  copyText(text: string): Promise<void> {
    return this.#clipboard.writeText(text);
  }

  /** Takes the secret off the clipboard now: when its minute is over, and when the app quits. */
  async clear(): Promise<void> {
    this.#cancel();
    const secret = this.#secret;
    this.#secret = undefined;
    if (secret !== undefined && (await this.#clipboard.readText()) === secret) {
      this.#clipboard.clear();
    }
  }
}
