import { sessionEndWarning } from '../../ipc/session-rules.js';
import type { SessionTokenState, SignedOutNotice } from '../../ipc/state.js';
import type { Clock } from '../clock.js';
import type { Preferences } from '../preferences.js';
import type { SecretFile } from '../secrets/secret-file.js';
import type { StateHolder } from '../state-holder.js';
import { type StoredSession, spanOf } from './stored-session.js';

export interface HeldSessionOptions {
  readonly clock: Clock;
  readonly file: SecretFile<StoredSession>;
  readonly preferences: Preferences;
  readonly state: StateHolder;
}

/** The session that is held and its token's state: what the windows are told of them, and what is kept on the disk. */
export class HeldSession {
  readonly #options: HeldSessionOptions;
  #session: StoredSession | undefined;
  #token: SessionTokenState = { status: 'UNKNOWN' };

  constructor(options: HeldSessionOptions) {
    this.#options = options;
  }

  get current(): StoredSession | undefined {
    return this.#session;
  }

  get token(): SessionTokenState {
    return this.#token;
  }

  /** False once another sign-in, or none, has taken the place of `session` while an answer was on its way. */
  isCurrent(session: StoredSession): boolean {
    return this.#session?.sessionSecret === session.sessionSecret;
  }

  hold(session: StoredSession, token: SessionTokenState = this.#token): void {
    this.#session = session;
    this.#token = token;
  }

  drop(): void {
    this.#session = undefined;
    this.#token = { status: 'UNKNOWN' };
  }

  read(): Promise<StoredSession | undefined> {
    return this.#options.file.read();
  }

  /** Where the keychain fails, the sign-in goes on in memory, and the person is told so. */
  async save(session: StoredSession): Promise<void> {
    if (!this.isCurrent(session)) return;
    try {
      await this.#options.file.write(session);
    } catch {
      this.#options.state.change({ secretStorage: 'MEMORY' });
    }
  }

  /** Removes what was kept; begun at once, whatever else is on its way to the disk. */
  wipe(): Promise<void> {
    return this.#options.file.clear();
  }

  /** Resolves when what is to be kept is on disk. */
  settled(): Promise<void> {
    return this.#options.file.settled();
  }

  /** Tells the windows and the tray; `notice` says why nobody is signed in, where it was nobody's own doing. */
  publish(notice: SignedOutNotice | null = null): void {
    const { clock, preferences, state } = this.#options;
    const { serverAddress, username } = preferences.values;
    const session = this.#session;
    state.change({
      phase: 'READY',
      serverAddress: session?.serverAddress ?? serverAddress,
      session:
        session === undefined
          ? { status: 'SIGNED_OUT', notice, lastUsername: username }
          : {
              status: 'SIGNED_IN',
              account: session.account,
              sessionId: session.sessionId,
              expiresAt: session.expiresAt,
              warning: sessionEndWarning(spanOf(session), clock.now()),
              sessionToken: this.#token,
            },
    });
  }
}
