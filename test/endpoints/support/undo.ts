/** What has to be undone at a test's end, in reverse order. */
export class Undo {
  readonly #steps: (() => PromiseLike<void>)[] = [];

  defer(step: () => PromiseLike<void>): void {
    this.#steps.unshift(step);
  }

  async dispose(): Promise<void> {
    for (const step of this.#steps) await step();
  }
}
