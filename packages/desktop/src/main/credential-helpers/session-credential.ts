import type { Clock } from '../clock.js';
import type { SessionKeeper } from '../session/session-keeper.js';
import type { StateHolder } from '../state-holder.js';

/** A helper waits longer than this, and docker and git longer still. */
const ENSURE_MS = 5_000;

interface SessionCredential {
  readonly serverAddress: string;
  readonly username: string;
  readonly secret: string;
  readonly expiresAtSeconds: number;
}

/** The session's token for programs on this machine; made anew where it was removed. */
export class SessionCredentialSource {
  readonly #keeper: SessionKeeper;
  readonly #state: StateHolder;
  readonly #clock: Clock;
  #isDoubted = false;
  #ensuring: Promise<void> | undefined;

  constructor(keeper: SessionKeeper, state: StateHolder, clock: Clock) {
    this.#keeper = keeper;
    this.#state = state;
    this.#clock = clock;
  }

  /** Undefined where nobody is signed in, or where the token is gone and the server gives no other in time. */
  async current(): Promise<SessionCredential | undefined> {
    if (this.#needsServer()) await this.#ensureInTime();
    const { session } = this.#keeper;
    // A server that cannot be reached says nothing about the token, unless it was known to be gone.
    if (session === undefined || this.#tokenStatus() === 'REMOVED') return undefined;
    const expiresAtMs = Date.parse(session.expiresAt);
    if (expiresAtMs <= this.#clock.now()) return undefined;
    return {
      serverAddress: session.serverAddress,
      username: session.account.username,
      secret: session.accessTokenSecret,
      expiresAtSeconds: Math.floor(expiresAtMs / 1000),
    };
  }

  /** A server refused the token: the next to ask for it waits until ours has been asked. */
  doubt(): void {
    this.#isDoubted = true;
  }

  /** The token was removed, or nobody would have heard of it if it was. */
  #needsServer(): boolean {
    const { session } = this.#keeper;
    if (session === undefined) return false;
    return (
      this.#isDoubted ||
      this.#tokenStatus() !== 'LIVE' ||
      this.#state.current.connection.status !== 'ONLINE' ||
      Date.parse(session.expiresAt) <= this.#clock.now()
    );
  }

  #tokenStatus() {
    const { session } = this.#state.current;
    return session.status === 'SIGNED_IN' ? session.sessionToken.status : undefined;
  }

  /** Any number of programs that ask at once share one answer. */
  async #ensureInTime(): Promise<void> {
    this.#ensuring ??= this.#ensure().finally(() => {
      this.#ensuring = undefined;
    });
    let callOff = (): void => undefined;
    const tooLate = new Promise<void>((resolve) => {
      callOff = this.#clock.after(ENSURE_MS, resolve);
    });
    await Promise.race([this.#ensuring, tooLate]).finally(() => callOff());
  }

  async #ensure(): Promise<void> {
    const outcome = await this.#keeper.ensureSessionToken();
    if (outcome.ok) this.#isDoubted = false;
  }
}
