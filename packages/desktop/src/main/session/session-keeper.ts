import type {
  Outcome,
  ReauthenticateRequest,
  SignInRequest,
  SignInResult,
} from '../../ipc/contract.js';
import type {
  Problem,
  RemovedAccessToken,
  SessionState,
  SessionTokenState,
  SignedOutNotice,
} from '../../ipc/state.js';
import { ConnectionProblem } from '../../ipc/state.js';
import type { Clock } from '../clock.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import type { LineEvents, SubscriptionLine } from '../graphql/subscription-line.js';
import type { Preferences } from '../preferences.js';
import type { SecretFile } from '../secrets/secret-file.js';
import type { StateHolder } from '../state-holder.js';
import { ask } from './ask.js';
import { describeServer } from './describe-server.js';
import { SessionEndWatch, warningAt } from './session-end-watch.js';
import { watchSession } from './session-events.js';
import { VIEWER } from './session-operations.js';
import { liveToken, requestSessionToken, requestTombstone } from './session-token.js';
import { type Device, requestSignIn } from './sign-in.js';
import type { SignOutReplay } from './sign-out-replay.js';
import { noticeOfEnd, noticeOfRefusal } from './signed-out-notice.js';
import type { StoredSession } from './stored-session.js';

/** The server's word, and its alone, that a session is over. */
const SESSION_OVER = new Set(['UNAUTHENTICATED', 'SESSION_EXPIRED']);
const RESTART_AFTER_REFUSAL_MS = 5_000;

export const SIGNED_OUT: Problem = {
  code: ConnectionProblem.SIGNED_OUT,
  message: 'You are signed out. Sign in to go on.',
};

interface SessionKeeperOptions {
  readonly clock: Clock;
  readonly transport: HttpTransport;
  readonly createLine: (address: string, secret: string, events: LineEvents) => SubscriptionLine;
  readonly file: SecretFile<StoredSession>;
  readonly replay: SignOutReplay;
  readonly preferences: Preferences;
  readonly device: Device;
  readonly state: StateHolder;
}

export interface SessionListener {
  /** A line is there for subscriptions; a session that is renewed in place keeps its line. */
  lineOpened?(line: SubscriptionLine): void;
  tokenRemoved?(token: RemovedAccessToken): void;
  /** By the server's word, never by the person's own sign-out. */
  ended?(message: string): void;
}

/** The one session of the app: signs in and out, keeps its secrets, and believes nobody but the server about its end. */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #endWatch: SessionEndWatch;
  readonly #listeners = new Set<SessionListener>();
  #session: StoredSession | undefined;
  #line: SubscriptionLine | undefined;
  #token: SessionTokenState = { status: 'UNKNOWN' };
  #signingIn = false;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.#endWatch = new SessionEndWatch(
      options.clock,
      // The end may have moved since it was last heard of; offline, the warning stands as it is.
      () => void this.verify().then(() => this.#publishSession()),
      () => void this.verify(),
    );
  }

  /** Holds secrets: for main's own use. */
  get session(): StoredSession | undefined {
    return this.#session;
  }

  get line(): SubscriptionLine | undefined {
    return this.#line;
  }

  listen(listener: SessionListener): void {
    this.#listeners.add(listener);
  }

  /** Takes up the sign-in of an earlier run, without a word from the server. */
  async start(): Promise<void> {
    const stored = await this.#options.file.read();
    if (stored === undefined) this.#publish();
    else this.#begin(stored, { status: 'UNKNOWN' });
  }

  async signIn(request: SignInRequest): Promise<SignInResult> {
    const server = await describeServer(this.#options.transport, request.serverAddress);
    if (!server.ok) return server;
    // One session at a time: whoever was signed in here is signed out, as by hand.
    await this.signOut();
    return this.#signInTo(server.value.address, request);
  }

  /** Signs the same account in again: a new session takes the place of the old one. */
  async reauthenticate(request: ReauthenticateRequest): Promise<SignInResult> {
    const session = this.#session;
    if (session === undefined) return { ok: false, problem: SIGNED_OUT };
    const { username } = session.account;
    return this.#signInTo(session.serverAddress, { ...request, username });
  }

  /** Ends everything here at once; the server hears of it now or as soon as it can be reached. */
  async signOut(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const { serverAddress, sessionSecret, expiresAt } = session;
    this.#forget();
    this.#publish();
    const wiped = this.#options.file.clear();
    await this.#options.replay.add({ serverAddress, sessionSecret, expiresAt });
    await wiped;
  }

  async ensureSessionToken(): Promise<Outcome<null>> {
    const session = this.#session;
    if (session === undefined) return { ok: false, problem: SIGNED_OUT };
    const answer = await requestSessionToken(this.#options.transport, session);
    if (!this.#isCurrent(session)) return { ok: false, problem: SIGNED_OUT };
    if (!answer.ok) {
      await this.#endIfRefused(session, answer.problem);
      return answer;
    }
    this.#session = { ...session, ...answer.value };
    this.#token = liveToken(this.#session);
    this.#publish();
    await this.#save(this.#session);
    return { ok: true, value: null };
  }

  /**
   * Asks the server whether the session still stands, and until when. Only its clear "no" signs out; silence, a
   * foreign answer or an error leave everything as it is.
   */
  async verify(): Promise<void> {
    const session = this.#session;
    if (session === undefined || this.#signingIn) return;
    const { transport } = this.#options;
    const answer = await ask(transport, session.serverAddress, session.sessionSecret, VIEWER);
    if (!this.#isCurrent(session) || this.#signingIn) return;
    if (!answer.ok) {
      await this.#endIfRefused(session, answer.problem);
      return;
    }
    const { account, session: seen } = answer.value.viewer;
    if (seen?.id !== session.sessionId) return;
    const verified = { ...session, account, expiresAt: seen.expiresAt };
    this.#session = verified;
    if (seen.accessToken?.id === session.accessTokenId) this.#token = liveToken(session);
    else void this.#findTombstone(verified);
    this.#endWatch.watch(Date.parse(verified.expiresAt));
    this.#publish();
    await this.#save(verified);
  }

  /** Lets go of the network and the timers; resolves when what is to be kept is on disk. */
  async stop(): Promise<void> {
    this.#endWatch.stop();
    this.#line?.dispose();
    // An answer that is still on its way finds nothing to change.
    this.#session = undefined;
    await Promise.all([this.#options.file.settled(), this.#options.replay.stop()]);
  }

  async #signInTo(
    address: string,
    credentials: ReauthenticateRequest & { readonly username: string },
  ): Promise<SignInResult> {
    const { transport, device, preferences } = this.#options;
    this.#signingIn = true;
    const answer = await requestSignIn(transport, address, device, credentials).finally(() => {
      this.#signingIn = false;
    });
    if (!answer.ok) {
      // What the server said of the old session meanwhile was put off until now.
      void this.#recheck();
      return answer;
    }
    const { session, removedAccessTokens } = answer.value;
    this.#begin(session, liveToken(session));
    await this.#save(session);
    await preferences.change({ serverAddress: address, username: session.account.username });
    return { ok: true, removedAccessTokens };
  }

  #begin(session: StoredSession, token: SessionTokenState): void {
    this.#session = session;
    this.#token = token;
    if (this.#line === undefined) this.#openLine(session);
    else this.#line.continueWith(session.sessionSecret);
    this.#endWatch.watch(Date.parse(session.expiresAt));
    this.#publish();
  }

  #openLine(session: StoredSession): void {
    const line = this.#options.createLine(session.serverAddress, session.sessionSecret, {
      ...this.#connectionEvents(),
      refused: () => void this.#recheck(),
    });
    this.#line = line;
    watchSession(line, {
      ended: (sessionId, reason) => {
        if (sessionId !== this.#session?.sessionId || this.#signingIn) return;
        void this.#end(noticeOfEnd(reason, this.#options.clock.now()));
      },
      tokenRemoved: (token) => {
        if (token.id === this.#session?.accessTokenId && !this.#signingIn) this.#loseToken(token);
      },
    });
    for (const listener of this.#listeners) listener.lineOpened?.(line);
  }

  #connectionEvents(): Omit<LineEvents, 'refused'> {
    const { state, replay } = this.#options;
    return {
      connecting: () => this.#showConnecting(),
      online: () => {
        state.change({ connection: { status: 'ONLINE', problem: null, retryAt: null } });
        void this.verify();
        void replay.run();
      },
      offline: (problem, retryAt) =>
        state.change({
          connection: { status: 'OFFLINE', problem, retryAt: new Date(retryAt).toISOString() },
        }),
    };
  }

  #showConnecting(): void {
    const connection = { status: 'CONNECTING', problem: null, retryAt: null } as const;
    this.#options.state.change({ connection });
  }

  /** After the socket was closed because of the credential: asks over HTTP, and goes on where it still stands. */
  async #recheck(): Promise<void> {
    const line = this.#line;
    if (line?.isResting) this.#showConnecting();
    await this.verify();
    if (line === undefined || line !== this.#line || !line.isResting || this.#signingIn) return;
    this.#options.clock.after(RESTART_AFTER_REFUSAL_MS, () => {
      if (line === this.#line && line.isResting) line.restart();
    });
  }

  async #findTombstone(session: StoredSession): Promise<void> {
    if (this.#token.status === 'REMOVED') return;
    const token = await requestTombstone(this.#options.transport, session);
    if (this.#session?.accessTokenId === token.id) this.#loseToken(token);
  }

  #loseToken(token: RemovedAccessToken): void {
    if (this.#token.status === 'REMOVED') return;
    this.#token = { status: 'REMOVED', token };
    this.#publish();
    for (const listener of this.#listeners) listener.tokenRemoved?.(token);
  }

  async #endIfRefused(session: StoredSession, problem: Problem): Promise<void> {
    if (!SESSION_OVER.has(problem.code)) return;
    await this.#end(noticeOfRefusal(problem, session, this.#options.clock.now()));
  }

  /** The session is over by the server's word: what was kept of it goes before anybody is told. */
  async #end(notice: SignedOutNotice): Promise<void> {
    if (this.#session === undefined) return;
    this.#forget();
    const wiped = this.#options.file.clear();
    this.#publish(notice);
    for (const listener of this.#listeners) listener.ended?.(notice.message);
    await wiped;
  }

  #forget(): void {
    this.#session = undefined;
    this.#token = { status: 'UNKNOWN' };
    this.#endWatch.stop();
    this.#line?.dispose();
    this.#line = undefined;
    this.#options.state.change({ connection: { status: 'IDLE', problem: null, retryAt: null } });
  }

  #isCurrent(session: StoredSession): boolean {
    return this.#session?.sessionSecret === session.sessionSecret;
  }

  /** Where the keychain fails, the sign-in goes on in memory, and the person is told so. */
  async #save(session: StoredSession): Promise<void> {
    if (!this.#isCurrent(session)) return;
    try {
      await this.#options.file.write(session);
    } catch {
      this.#options.state.change({ secretStorage: 'MEMORY' });
    }
  }

  #publishSession(): void {
    if (this.#session !== undefined) this.#publish();
  }

  #publish(notice: SignedOutNotice | null = null): void {
    const { preferences, state } = this.#options;
    const { serverAddress, username } = preferences.values;
    const session = this.#session;
    state.change({
      phase: 'READY',
      serverAddress: session?.serverAddress ?? serverAddress,
      session:
        session === undefined
          ? { status: 'SIGNED_OUT', notice, lastUsername: username }
          : this.#describe(session),
    });
  }

  #describe(session: StoredSession): SessionState {
    return {
      status: 'SIGNED_IN',
      account: session.account,
      sessionId: session.sessionId,
      expiresAt: session.expiresAt,
      warning: warningAt(Date.parse(session.expiresAt) - this.#options.clock.now()),
      sessionToken: this.#token,
    };
  }
}
