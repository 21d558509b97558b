/** A clock that stands still until it is moved. */
export class TestClock {
  #nowMs: number;

  /** @param nowMs in UTC milliseconds. */
  constructor(nowMs = Date.UTC(2026, 0, 15, 12, 0, 0)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
