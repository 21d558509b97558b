import type { Clock } from '../clock.js';
import type { SessionManager } from '../session/session-manager.js';
import { SIGNED_OUT } from '../session/signed-out-notice.js';
import type { StateHolder } from '../state-holder.js';

/** A helper waits longer than this, and docker and git longer still. */
const SERVER_MS = 5_000;

const NONE_IN_TIME = 'The session’s token was removed, and the server gave no other in time.';
const ENDED = 'Your session has reached its end. Sign in to go on.';

export interface SessionCredential {
  readonly serverAddress: string;
  readonly username: string;
  readonly secret: string;
  readonly expiresAtSeconds: number;
}

/** What a program is given, or a sentence for the person on why it is given nothing. */
export type Given =
  | { readonly ok: true; readonly credential: SessionCredential }
  | { readonly ok: false; readonly reason: string };

/** The session's token for programs on this machine; made anew where it was removed. */
export class SessionCredentialSource {
  readonly #manager: SessionManager;
  readonly #state: StateHolder;
  readonly #clock: Clock;
  #isDoubted = false;
  #asking: Promise<void> | undefined;
  /** Why the server gave no new token, when it was last asked for one. */
  #refusal: string | undefined;

  constructor(manager: SessionManager, state: StateHolder, clock: Clock) {
    this.#manager = manager;
    this.#state = state;
    this.#clock = clock;
  }

  /** Nothing where nobody is signed in, or where the token is gone and the server gives no other in time. */
  async current(): Promise<Given> {
    if (this.#needsServer()) await this.#askInTime();
    const { session } = this.#manager;
    // A server that cannot be reached says nothing about the token, unless it was known to be gone.
    if (session === undefined) return { ok: false, reason: this.#whySignedOut() };
    if (this.#tokenStatus() === 'REMOVED') {
      return { ok: false, reason: this.#refusal ?? NONE_IN_TIME };
    }
    const expiresAtMs = Date.parse(session.expiresAt);
    if (expiresAtMs <= this.#clock.now()) return { ok: false, reason: ENDED };
    const credential = {
      serverAddress: session.serverAddress,
      username: session.account.username,
      secret: session.accessTokenSecret,
      expiresAtSeconds: Math.floor(expiresAtMs / 1000),
    };
    return { ok: true, credential };
  }

  /** A server refused the token: the next to ask for it waits until ours has been asked. */
  doubt(): void {
    this.#isDoubted = true;
  }

  #whySignedOut(): string {
    const { session } = this.#state.current;
    const notice = session.status === 'SIGNED_OUT' ? session.notice : null;
    return (notice ?? SIGNED_OUT).message;
  }

  /** The token is known to be gone or doubted, or nobody would have heard of it if it was gone. */
  #needsServer(): boolean {
    const { session } = this.#manager;
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
    if (!this.#needsToken()) await this.#manager.verify();
    if (!this.#needsToken()) return;
    const outcome = await this.#manager.ensureSessionToken();
    if (outcome.ok) this.#isDoubted = false;
    this.#refusal = outcome.ok ? undefined : outcome.problem.message;
  }
}
