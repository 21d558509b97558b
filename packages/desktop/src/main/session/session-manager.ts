import type {
  Outcome,
  ReauthenticateRequest,
  SignInRequest,
  SignInResult,
} from '../../ipc/contract.js';
import type {
  Problem,
  RemovedAccessToken,
  SessionTokenState,
  SignedOutNotice,
} from '../../ipc/state.js';
import { ConnectionProblem } from '../../ipc/state.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import type { SubscriptionConnection } from '../graphql/subscription-connection.js';
import { ask } from './ask.js';
import { describeServer } from './describe-server.js';
import { HeldSession, type HeldSessionOptions } from './held-session.js';
import { SessionConnection, type SessionConnectionOptions } from './session-connection.js';
import { SessionEndWatch } from './session-end-watch.js';
import { VIEWER } from './session-operations.js';
import { liveToken, requestSessionToken, requestTombstone } from './session-token.js';
import { type Device, requestSignIn } from './sign-in.js';
import type { PendingSignOut, SignOutReplay } from './sign-out-replay.js';
import { noticeOfEnd, noticeOfRefusal } from './signed-out-notice.js';
import type { StoredSession } from './stored-session.js';

/** The server's word, and its alone, that a session is over. */
const SESSION_OVER = new Set(['UNAUTHENTICATED', 'SESSION_EXPIRED']);

export const SIGNED_OUT: Problem = {
  code: ConnectionProblem.SIGNED_OUT,
  message: 'You are signed out. Sign in to go on.',
};

interface SessionManagerOptions extends HeldSessionOptions, SessionConnectionOptions {
  readonly transport: HttpTransport;
  readonly replay: SignOutReplay;
  readonly device: Device;
}

export interface SessionListener {
  /** A line is there for subscriptions; a session that is renewed in place keeps its line. */
  connectionOpened?(line: SubscriptionConnection): void;
  tokenRemoved?(token: RemovedAccessToken): void;
  /** By the server's word, never by the person's own sign-out. */
  ended?(message: string): void;
}

/** The one session of the app: signs in and out, keeps its secrets, and believes nobody but the server about its end. */
export class SessionManager {
  readonly #options: SessionManagerOptions;
  readonly #held: HeldSession;
  readonly #line: SessionConnection;
  readonly #endWatch: SessionEndWatch;
  readonly #listeners = new Set<SessionListener>();
  #signInsUnderWay = 0;
  /** Moves on whenever nobody is to be signed in any more, whatever sign-in is still on its way. */
  #generation = 0;
  #ensuring:
    | { readonly sessionSecret: string; readonly outcome: Promise<Outcome<null>> }
    | undefined;

  constructor(options: SessionManagerOptions) {
    this.#options = options;
    this.#held = new HeldSession(options);
    this.#line = this.#createLine();
    this.#endWatch = new SessionEndWatch(
      options.clock,
      // The end may have moved since it was last heard of; offline, the warning stands as it is.
      () => void this.verify().then(() => this.#publishSession()),
      () => void this.verify(),
    );
  }

  /** Holds secrets: for main's own use. */
  get session(): StoredSession | undefined {
    return this.#held.current;
  }

  get line(): SubscriptionConnection | undefined {
    return this.#line.current;
  }

  get #signingIn(): boolean {
    return this.#signInsUnderWay > 0;
  }

  get #hasLostToken(): boolean {
    return this.#held.token.status === 'REMOVED';
  }

  listen(listener: SessionListener): void {
    this.#listeners.add(listener);
  }

  /** Takes up the sign-in of an earlier run, without a word from the server. */
  async start(): Promise<void> {
    const stored = await this.#held.read();
    if (stored === undefined) this.#held.publish();
    else this.#begin(stored, { status: 'UNKNOWN' });
  }

  async signIn(request: SignInRequest): Promise<SignInResult> {
    const server = await describeServer(this.#options.transport, request.serverAddress);
    if (!server.ok) return server;
    // A sign-in that is still on its way gives way to this one.
    this.#generation++;
    return this.#signInTo(server.value.address, request);
  }

  /** Signs the same account in again: a new session takes the place of the old one. */
  async reauthenticate(request: ReauthenticateRequest): Promise<SignInResult> {
    const session = this.session;
    if (session === undefined) return { ok: false, problem: SIGNED_OUT };
    const { username } = session.account;
    return this.#signInTo(session.serverAddress, { ...request, username });
  }

  /** Ends everything here at once; the server hears of it now or as soon as it can be reached. */
  async signOut(): Promise<void> {
    this.#generation++;
    const session = this.session;
    if (session === undefined) return;
    this.#forget();
    this.#held.publish();
    const wiped = this.#held.wipe();
    await this.#options.replay.add(toSignOut(session));
    await wiped;
  }

  /** Brings the session's own token back. However often it is asked for at once, the server is asked once. */
  ensureSessionToken(): Promise<Outcome<null>> {
    const { session } = this;
    if (session === undefined) return Promise.resolve({ ok: false, problem: SIGNED_OUT });
    const { sessionSecret } = session;
    if (this.#ensuring?.sessionSecret === sessionSecret) return this.#ensuring.outcome;
    const outcome = this.#ensureTokenOf(session).finally(() => {
      if (this.#ensuring?.outcome === outcome) this.#ensuring = undefined;
    });
    this.#ensuring = { sessionSecret, outcome };
    return outcome;
  }

  /**
   * Asks the server whether the session still stands, and until when. Only its clear "no" signs out; silence, a
   * foreign answer or an error leave everything as it is.
   */
  async verify(): Promise<void> {
    const session = this.session;
    if (session === undefined || this.#signingIn) return;
    const { transport } = this.#options;
    const answer = await ask(transport, session.serverAddress, session.sessionSecret, VIEWER);
    const current = this.session;
    if (current === undefined || !this.#held.isCurrent(session) || this.#signingIn) return;
    if (!answer.ok) {
      await this.#endIfRefused(session, answer.problem);
      return;
    }
    const { account, session: seen } = answer.value.viewer;
    if (seen?.id !== session.sessionId) return;
    const verified = { ...current, account, expiresAt: seen.expiresAt };
    // A token that came back while the answer was on its way is newer than the answer.
    const isOfToken = current.accessTokenSecret === session.accessTokenSecret;
    const hasToken = seen.accessToken?.id === session.accessTokenId;
    this.#held.hold(verified, isOfToken && hasToken ? liveToken(session) : undefined);
    this.#endWatch.watch(Date.parse(verified.expiresAt));
    this.#held.publish();
    // Whoever asked for this goes by the token's state afterwards.
    await Promise.all([
      this.#held.save(verified),
      isOfToken && !hasToken && this.#findTombstone(verified),
    ]);
  }

  /** Lets go of the network and the timers; resolves when what is to be kept is on disk. */
  async stop(): Promise<void> {
    this.#generation++;
    this.#endWatch.stop();
    this.#line.dispose();
    // An answer that is still on its way finds nothing to change.
    this.#held.drop();
    await Promise.all([
      this.#held.settled(),
      this.#options.device.keys.settled(),
      this.#options.replay.stop(),
    ]);
  }

  async #signInTo(
    address: string,
    credentials: ReauthenticateRequest & { readonly username: string },
  ): Promise<SignInResult> {
    const { transport, device, preferences, replay } = this.#options;
    const generation = this.#generation;
    this.#signInsUnderWay++;
    const answer = await requestSignIn(transport, address, device, credentials).finally(() => {
      this.#signInsUnderWay--;
    });
    if (!answer.ok) {
      // What the server said of the old session meanwhile was put off until now.
      void this.#recheck();
      return answer;
    }
    const { session, removedAccessTokens } = answer.value;
    if (generation !== this.#generation) {
      await replay.add(toSignOut(session));
      return { ok: false, problem: SIGNED_OUT };
    }
    const left = this.#leaveFor(session);
    this.#begin(session, liveToken(session));
    await left;
    await this.#held.save(session);
    await preferences.change({ serverAddress: address, username: session.account.username });
    return { ok: true, removedAccessTokens };
  }

  /** One session at a time: another account's is signed out once the new one stands. The same account's was replaced. */
  async #leaveFor({ serverAddress, account }: StoredSession): Promise<void> {
    const old = this.session;
    if (old === undefined) return;
    if (old.serverAddress === serverAddress && old.account.id === account.id) return;
    this.#forget();
    await this.#options.replay.add(toSignOut(old));
  }

  async #ensureTokenOf(session: StoredSession): Promise<Outcome<null>> {
    const answer = await requestSessionToken(this.#options.transport, session);
    const current = this.session;
    if (current === undefined || !this.#held.isCurrent(session)) {
      return { ok: false, problem: SIGNED_OUT };
    }
    if (!answer.ok) {
      await this.#endIfRefused(session, answer.problem);
      return answer;
    }
    const renewed = { ...current, ...answer.value };
    this.#held.hold(renewed, liveToken(renewed));
    this.#held.publish();
    await this.#held.save(renewed);
    return { ok: true, value: null };
  }

  #begin(session: StoredSession, token: SessionTokenState): void {
    this.#held.hold(session, token);
    this.#line.openFor(session);
    this.#endWatch.watch(Date.parse(session.expiresAt));
    this.#held.publish();
  }

  #createLine(): SessionConnection {
    return new SessionConnection(this.#options, {
      opened: (line) => {
        for (const listener of this.#listeners) listener.connectionOpened?.(line);
      },
      online: () => {
        void this.verify();
        void this.#options.replay.run();
      },
      refused: () => void this.#recheck(),
      ended: (sessionId, reason) => {
        if (sessionId !== this.session?.sessionId || this.#signingIn) return;
        void this.#end(noticeOfEnd(reason, this.#options.clock.now()));
      },
      tokenRemoved: (token) => {
        if (token.id === this.session?.accessTokenId && !this.#signingIn) this.#loseToken(token);
      },
    });
  }

  /** After the socket was closed because of the credential: asks over HTTP, and goes on where it still stands. */
  async #recheck(): Promise<void> {
    const goOn = this.#line.wake();
    await this.verify();
    if (!this.#signingIn) goOn();
  }

  async #findTombstone(session: StoredSession): Promise<void> {
    if (this.#hasLostToken) return;
    const answer = await requestTombstone(this.#options.transport, session);
    const { current } = this.#held;
    if (current?.accessTokenId !== session.accessTokenId || this.#hasLostToken) return;
    if (answer.ok) return this.#loseToken(answer.value);
    // Why it is gone is asked for again with the next look at the session.
    this.#held.hold(current, { status: 'UNKNOWN' });
    this.#held.publish();
  }

  #loseToken(token: RemovedAccessToken): void {
    const { current } = this.#held;
    if (current === undefined || this.#hasLostToken) return;
    this.#held.hold(current, { status: 'REMOVED', token });
    this.#held.publish();
    for (const listener of this.#listeners) listener.tokenRemoved?.(token);
  }

  async #endIfRefused(session: StoredSession, problem: Problem): Promise<void> {
    // A sign-in that is on its way replaces the session, which is then refused.
    if (!SESSION_OVER.has(problem.code) || this.#signingIn) return;
    await this.#end(noticeOfRefusal(problem, session, this.#options.clock.now()));
  }

  /** The session is over by the server's word: what was kept of it goes before anybody is told. */
  async #end(notice: SignedOutNotice): Promise<void> {
    if (this.session === undefined) return;
    this.#forget();
    const wiped = this.#held.wipe();
    this.#held.publish(notice);
    for (const listener of this.#listeners) listener.ended?.(notice.message);
    await wiped;
  }

  #forget(): void {
    this.#held.drop();
    this.#endWatch.stop();
    this.#line.close();
  }

  #publishSession(): void {
    if (this.session !== undefined) this.#held.publish();
  }
}

function toSignOut({ serverAddress, sessionSecret, expiresAt }: StoredSession): PendingSignOut {
  return { serverAddress, sessionSecret, expiresAt };
}
