import type {
  Outcome,
  ReauthenticateRequest,
  SignInRequest,
  SignInResult,
} from '../../ipc/contract.js';
import type { SubscriptionConnection } from '../graphql/subscription-connection.js';
import { describeServer } from './describe-server.js';
import {
  type SessionListener,
  SessionMonitor,
  type SessionMonitorOptions,
} from './session-monitor.js';
import { liveToken } from './session-token.js';
import { type Device, requestSignIn } from './sign-in.js';
import type { PendingSignOut, SignOutReplay } from './sign-out-replay.js';
import { SIGNED_OUT } from './signed-out-notice.js';
import type { StoredSession } from './stored-session.js';

interface SessionManagerOptions extends SessionMonitorOptions {
  readonly replay: SignOutReplay;
  readonly device: Device;
}

/** The one session of the app: signs in and out. Between the two, the monitor keeps the session. */
export class SessionManager {
  readonly #options: SessionManagerOptions;
  readonly #monitor: SessionMonitor;
  #signInsUnderWay = 0;
  /** Moves on when nobody is to be signed in any more, so that a sign-in on its way is dropped. */
  #generation = 0;

  constructor(options: SessionManagerOptions) {
    this.#options = options;
    this.#monitor = new SessionMonitor(options, {
      isSigningIn: () => this.#signInsUnderWay > 0,
      online: () => void options.replay.run(),
    });
  }

  /** Holds secrets: for main's own use. */
  get session(): StoredSession | undefined {
    return this.#monitor.held.current;
  }

  get connection(): SubscriptionConnection | undefined {
    return this.#monitor.connection;
  }

  listen(listener: SessionListener): void {
    this.#monitor.listen(listener);
  }

  /** Takes up the sign-in of an earlier run, without a word from the server. */
  async start(): Promise<void> {
    const { held } = this.#monitor;
    const stored = await held.read();
    if (stored === undefined) held.publish();
    else this.#monitor.begin(stored, { status: 'UNKNOWN' });
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
    const { session } = this;
    if (session === undefined) return { ok: false, problem: SIGNED_OUT };
    const { username } = session.account;
    return this.#signInTo(session.serverAddress, { ...request, username });
  }

  /** Ends everything here at once; the server hears of it now or as soon as it can be reached. */
  async signOut(): Promise<void> {
    this.#generation++;
    const { session } = this;
    if (session === undefined) return;
    const { held } = this.#monitor;
    this.#monitor.forget();
    held.publish();
    const wiped = held.wipe();
    await this.#options.replay.add(toSignOut(session));
    await wiped;
  }

  /** Brings the session's own token back. */
  ensureSessionToken(): Promise<Outcome<null>> {
    return this.#monitor.ensureSessionToken();
  }

  /** Asks the server whether the session still stands. */
  verify(): Promise<void> {
    return this.#monitor.verify();
  }

  /** Lets go of the network and the timers; resolves when what is to be kept is on disk. */
  async stop(): Promise<void> {
    this.#generation++;
    this.#monitor.stop();
    await Promise.all([
      this.#monitor.held.settled(),
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
      void this.#monitor.recheck();
      return answer;
    }
    const { session, removedAccessTokens } = answer.value;
    if (generation !== this.#generation) {
      await replay.add(toSignOut(session));
      return { ok: false, problem: SIGNED_OUT };
    }
    const left = this.#leaveFor(session);
    this.#monitor.begin(session, liveToken(session));
    await left;
    await this.#monitor.held.save(session);
    await preferences.change({ serverAddress: address, username: session.account.username });
    return { ok: true, removedAccessTokens };
  }

  /** One session at a time: another account's is signed out once the new one stands. The same account's was replaced. */
  async #leaveFor({ serverAddress, account }: StoredSession): Promise<void> {
    const old = this.session;
    if (old === undefined) return;
    if (old.serverAddress === serverAddress && old.account.id === account.id) return;
    this.#monitor.forget();
    await this.#options.replay.add(toSignOut(old));
  }
}

function toSignOut({ serverAddress, sessionSecret, expiresAt }: StoredSession): PendingSignOut {
  return { serverAddress, sessionSecret, expiresAt };
}
