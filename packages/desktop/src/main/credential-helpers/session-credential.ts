import type { Clock } from '../clock.js';
import type { SessionKeeper } from '../session/session-keeper.js';
import type { StateHolder } from '../state-holder.js';

/** A helper waits longer than this, and docker and git longer still. */
const SERVER_MS = 5_000;

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
  #asking: Promise<void> | undefined;

  constructor(keeper: SessionKeeper, state: StateHolder, clock: Clock) {
    this.#keeper = keeper;
    this.#state = state;
    this.#clock = clock;
  }

  /** Undefined where nobody is signed in, or where the token is gone and the server gives no other in time. */
  async current(): Promise<SessionCredential | undefined> {
    if (this.#needsServer()) await this.#askInTime();
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

  /** The token is known to be gone or doubted, or nobody would have heard of it if it was gone. */
  #needsServer(): boolean {
    const { session } = this.#keeper;
    if (session === undefined) return false;
    return (
      this.#needsToken() ||
      this.#tokenStatus() !== 'LIVE' ||
      this.#state.current.connection.status !== 'ONLINE' ||
      Date.parse(session.expiresAt) <= this.#clock.now()
    );
  }

  #needsToken(): boolean {
    return this.#isDoubted || this.#tokenStatus() === 'REMOVED';
  }

  #tokenStatus() {
    const { session } = this.#state.current;
    return session.status === 'SIGNED_IN' ? session.sessionToken.status : undefined;
  }

  /** Any number of programs that ask at once share one answer. */
  async #askInTime(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    let callOff = (): void => undefined;
    const tooLate = new Promise<void>((resolve) => {
      callOff = this.#clock.after(SERVER_MS, resolve);
    });
    await Promise.race([this.#asking, tooLate]).finally(() => callOff());
  }

  /**
   * A token that lives is let be: asked for it again, the server would give a new secret and end the old one, which the
   * program before may be using.
   */
  async #ask(): Promise<void> {
    if (!this.#needsToken()) await this.#keeper.verify();
    if (!this.#needsToken()) return;
    const outcome = await this.#keeper.ensureSessionToken();
    if (outcome.ok) this.#isDoubted = false;
  }
}
