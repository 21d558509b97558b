import type { Outcome } from '../../ipc/contract.js';
import { isSessionOver } from '../../ipc/session-rules.js';
import type {
  Problem,
  RemovedAccessToken,
  SessionTokenState,
  SignedOutNotice,
} from '../../ipc/state.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import type { SubscriptionConnection } from '../graphql/subscription-connection.js';
import { ask } from './ask.js';
import { HeldSession, type HeldSessionOptions } from './held-session.js';
import { SessionConnection, type SessionConnectionOptions } from './session-connection.js';
import { SessionEndWatch } from './session-end-watch.js';
import { VIEWER } from './session-operations.js';
import { liveToken, requestSessionToken, requestTombstone } from './session-token.js';
import { noticeOfEnd, noticeOfRefusal, SIGNED_OUT } from './signed-out-notice.js';
import { type StoredSession, spanOf } from './stored-session.js';

export interface SessionMonitorOptions extends HeldSessionOptions, SessionConnectionOptions {
  readonly transport: HttpTransport;
}

export interface SessionListener {
  /** A connection is there for subscriptions. A session that is renewed in place keeps its connection. */
  connectionOpened?(connection: SubscriptionConnection): void;
  tokenRemoved?(token: RemovedAccessToken): void;
  /** By the server's word, never by the person's own sign-out. */
  ended?(message: string): void;
}

interface SignInProgress {
  /** A sign-in that is on its way replaces the session, so what the server says of the session is put off. */
  isSigningIn(): boolean;
  /** The server can be reached again. */
  online(): void;
}

/** Keeps the session and its token as the server says they are. Only the server's clear word ends the session. */
export class SessionMonitor {
  readonly held: HeldSession;
  readonly #options: SessionMonitorOptions;
  readonly #progress: SignInProgress;
  readonly #connection: SessionConnection;
  readonly #endWatch: SessionEndWatch;
  readonly #listeners = new Set<SessionListener>();
  #ensuring:
    | { readonly sessionSecret: string; readonly outcome: Promise<Outcome<null>> }
    | undefined;

  constructor(options: SessionMonitorOptions, progress: SignInProgress) {
    this.#options = options;
    this.#progress = progress;
    this.held = new HeldSession(options);
    this.#connection = this.#createConnection();
    this.#endWatch = new SessionEndWatch(
      options.clock,
      // The end may have moved since it was last heard of. Offline, the warning stands as it is.
      () => void this.verify().then(() => this.#publishSession()),
      () => void this.verify(),
    );
  }

  get connection(): SubscriptionConnection | undefined {
    return this.#connection.current;
  }

  get #hasLostToken(): boolean {
    return this.held.token.status === 'REMOVED';
  }

  listen(listener: SessionListener): void {
    this.#listeners.add(listener);
  }

  begin(session: StoredSession, token: SessionTokenState): void {
    this.held.hold(session, token);
    this.#connection.openFor(session);
    this.#endWatch.watch(spanOf(session));
    this.held.publish();
  }

  /** Drops the session, and tells nobody. */
  forget(): void {
    this.held.drop();
    this.#endWatch.stop();
    this.#connection.close();
  }

  /** Lets go of the network and the timers. */
  stop(): void {
    this.#endWatch.stop();
    this.#connection.dispose();
    // An answer that is still on its way finds nothing to change.
    this.held.drop();
  }

  /**
   * Asks the server whether the session still stands, and until when. Only its clear "no" signs out; silence, a
   * foreign answer or an error leave everything as it is.
   */
  async verify(): Promise<void> {
    const session = this.held.current;
    if (session === undefined || this.#progress.isSigningIn()) return;
    const { transport } = this.#options;
    const answer = await ask(transport, session.serverAddress, session.sessionSecret, VIEWER);
    const { current } = this.held;
    if (current === undefined || !this.held.isCurrent(session) || this.#progress.isSigningIn()) {
      return;
    }
    if (!answer.ok) return this.#endIfRefused(session, answer.problem);
    const { account, session: seen } = answer.value.viewer;
    if (seen?.id !== session.sessionId) return;
    const { createdAt, expiresAt } = seen;
    const verified = { ...current, account, createdAt, expiresAt };
    // A token that came back while the answer was on its way is newer than the answer.
    const isOfToken = current.accessTokenSecret === session.accessTokenSecret;
    const hasToken = seen.accessToken?.id === session.accessTokenId;
    this.held.hold(verified, isOfToken && hasToken ? liveToken(session) : undefined);
    this.#endWatch.watch(spanOf(verified));
    this.held.publish();
    // The caller goes by the token's state afterwards.
    await Promise.all([
      this.held.save(verified),
      isOfToken && !hasToken && this.#findTombstone(verified),
    ]);
  }

  /** After the server refused the credential on the socket: asks over HTTP, and connects again if the session stands. */
  async recheck(): Promise<void> {
    const restart = this.#connection.wake();
    await this.verify();
    if (!this.#progress.isSigningIn()) restart();
  }

  /** Brings the session's own token back. However often it is asked for at once, the server is asked once. */
  ensureSessionToken(): Promise<Outcome<null>> {
    const session = this.held.current;
    if (session === undefined) return Promise.resolve({ ok: false, problem: SIGNED_OUT });
    const { sessionSecret } = session;
    if (this.#ensuring?.sessionSecret === sessionSecret) return this.#ensuring.outcome;
    const outcome = this.#ensureTokenOf(session).finally(() => {
      if (this.#ensuring?.outcome === outcome) this.#ensuring = undefined;
    });
    this.#ensuring = { sessionSecret, outcome };
    return outcome;
  }

  async #ensureTokenOf(session: StoredSession): Promise<Outcome<null>> {
    const answer = await requestSessionToken(this.#options.transport, session);
    const { current } = this.held;
    if (current === undefined || !this.held.isCurrent(session)) {
      return { ok: false, problem: SIGNED_OUT };
    }
    if (!answer.ok) {
      await this.#endIfRefused(session, answer.problem);
      return answer;
    }
    const renewed = { ...current, ...answer.value };
    this.held.hold(renewed, liveToken(renewed));
    this.held.publish();
    await this.held.save(renewed);
    return { ok: true, value: null };
  }

  #createConnection(): SessionConnection {
    return new SessionConnection(this.#options, {
      opened: (connection) => {
        for (const listener of this.#listeners) listener.connectionOpened?.(connection);
      },
      online: () => {
        void this.verify();
        this.#progress.online();
      },
      refused: () => void this.recheck(),
      ended: (sessionId, reason) => {
        if (sessionId !== this.held.current?.sessionId || this.#progress.isSigningIn()) return;
        void this.#end(noticeOfEnd(reason, this.#options.clock.now()));
      },
      tokenRemoved: (token) => {
        const isOurs = token.id === this.held.current?.accessTokenId;
        if (isOurs && !this.#progress.isSigningIn()) this.#loseToken(token);
      },
    });
  }

  async #findTombstone(session: StoredSession): Promise<void> {
    if (this.#hasLostToken) return;
    const answer = await requestTombstone(this.#options.transport, session);
    const { current } = this.held;
    if (current?.accessTokenId !== session.accessTokenId || this.#hasLostToken) return;
    if (answer.ok) return this.#loseToken(answer.value);
    // The next look at the session asks again why the token is gone.
    this.held.hold(current, { status: 'UNKNOWN' });
    this.held.publish();
  }

  #loseToken(token: RemovedAccessToken): void {
    const { current } = this.held;
    if (current === undefined || this.#hasLostToken) return;
    this.held.hold(current, { status: 'REMOVED', token });
    this.held.publish();
    for (const listener of this.#listeners) listener.tokenRemoved?.(token);
  }

  async #endIfRefused(session: StoredSession, problem: Problem): Promise<void> {
    if (!isSessionOver(problem.code) || this.#progress.isSigningIn()) return;
    await this.#end(noticeOfRefusal(problem, session, this.#options.clock.now()));
  }

  /** The session is over by the server's word: what was kept of it goes before anybody is told. */
  async #end(notice: SignedOutNotice): Promise<void> {
    if (this.held.current === undefined) return;
    this.forget();
    const wiped = this.held.wipe();
    this.held.publish(notice);
    for (const listener of this.#listeners) listener.ended?.(notice.message);
    await wiped;
  }

  #publishSession(): void {
    if (this.held.current !== undefined) this.held.publish();
  }
}
