import type { IncomingMessage } from 'node:http';

/** What all bodies together may take in memory while they are read, and how much of it one caller may have. */
const BODIES_MAX_BYTES = 64 * 1024 * 1024;
const CALLER_MAX_BYTES = BODIES_MAX_BYTES / 4;

/** Counts the memory of the bodies that are being read, in all and by caller. */
export class BodyBudget {
  readonly #ofCaller = new Map<string, number>();
  #taken = 0;

  /** @returns whether there was room for `bytes` more; nothing is taken where there was not */
  take(caller: string, bytes: number): boolean {
    const ofCaller = (this.#ofCaller.get(caller) ?? 0) + bytes;
    if (this.#taken + bytes > BODIES_MAX_BYTES || ofCaller > CALLER_MAX_BYTES) return false;
    this.#taken += bytes;
    this.#ofCaller.set(caller, ofCaller);
    return true;
  }

  give(caller: string, bytes: number): void {
    this.#taken -= bytes;
    const left = (this.#ofCaller.get(caller) ?? 0) - bytes;
    if (left > 0) this.#ofCaller.set(caller, left);
    else this.#ofCaller.delete(caller);
  }
}

interface Payer {
  readonly budget: BodyBudget;
  readonly caller: string;
}

const payers = new WeakMap<IncomingMessage, Payer>();

/** Has the body of `request` counted in `budget`, for `caller`. */
export function countBody(request: IncomingMessage, budget: BodyBudget, caller: string): void {
  payers.set(request, { budget, caller });
}

/** Takes `bytes` for the body of `request`; one that nobody counts has all it wants. */
export function takeForBody(request: IncomingMessage, bytes: number): boolean {
  const payer = payers.get(request);
  return payer === undefined || payer.budget.take(payer.caller, bytes);
}

/** Gives back what was taken for the body of `request`. */
export function giveForBody(request: IncomingMessage, bytes: number): void {
  const payer = payers.get(request);
  payer?.budget.give(payer.caller, bytes);
}
