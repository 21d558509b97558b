type Work = () => void;

interface Owner {
  readonly name: unknown;
  readonly waiting: Work[];
  resting: boolean;
}

/** How long an owner rests after its work, in times of what that took: nobody's messages get more than a quarter of the server. */
const REST_PER_WORK = 3;

/**
 * Work that is done one piece a turn of the event loop, so that others come between, and in turn among owners: who adds a
 * thousand pieces, over however many sockets, delays nobody but themselves.
 */
export class FairQueue {
  readonly #owners = new Map<unknown, Owner>();
  readonly #ready: Owner[] = [];
  #scheduled = false;

  add(name: unknown, work: Work): void {
    const owner = this.#owners.get(name) ?? { name, waiting: [], resting: false };
    this.#owners.set(name, owner);
    owner.waiting.push(work);
    if (owner.waiting.length === 1 && !owner.resting) this.#makeReady(owner);
  }

  #makeReady(owner: Owner): void {
    this.#ready.push(owner);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#ready.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const owner = this.#ready.shift();
      if (owner !== undefined) this.#work(owner);
      this.#schedule();
    });
  }

  #work(owner: Owner): void {
    const start = performance.now();
    owner.waiting.shift()?.();
    owner.resting = true;
    // A timer takes a millisecond at least, which bounds how many messages an account has handled in a second.
    setTimeout(() => this.#rested(owner), REST_PER_WORK * (performance.now() - start));
  }

  #rested(owner: Owner): void {
    owner.resting = false;
    if (owner.waiting.length > 0) this.#makeReady(owner);
    else this.#owners.delete(owner.name);
  }
}
