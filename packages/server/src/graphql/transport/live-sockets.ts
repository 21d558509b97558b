import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../core/clock.js';
import { AccessTokenChangeKind, type Events, type Topics } from '../../pubsub/events.js';
import type { SessionService } from '../../sessions/session.service.js';
import type { SessionEndingService } from '../../sessions/session-ending.service.js';
import type { SessionPresence } from '../../sessions/session-presence.js';
import type { TokenListingService } from '../../tokens/token-listing.service.js';
import type { Credential } from '../context.js';

/** What a client reads in a 4403's reason: its credential ended; it may sign in again and come back. */
export const FORBIDDEN_CLOSE_CODE = 4403;
/** Long enough for what was announced to be on its way before the socket closes, far below the second that is promised. */
const CLOSE_AFTER_MS = 100;
/** How long a close waits for a database that has yet to say what is announced. */
const ANNOUNCEMENT_LIMIT_MS = 400;

const NONE: ReadonlySet<never> = new Set();

type LiveCredential = Extract<Credential, { kind: 'session' | 'token' }>;

export interface LiveSocket {
  readonly credential: LiveCredential;
  close(code: number, reason: string): void;
}

/** The open sockets, and the end of them: none outlives the session or the token it was opened with. */
export class LiveSockets {
  readonly #sockets = new Set<LiveSocket>();
  readonly #byAccount = new SocketIndex(accountIdOf);
  readonly #bySession = new SocketIndex(sessionIdOf);
  readonly #byToken = new SocketIndex(tokenIdOf);
  #wasAvailable = true;
  #interruptionsSeen = 0;
  /** What became of a token could not be read. */
  #unsure = false;

  constructor(
    private readonly listing: TokenListingService,
    private readonly presence: SessionPresence,
    private readonly clock: Clock,
    private readonly sessions: SessionService,
    private readonly endings: SessionEndingService,
    private readonly events: Events,
  ) {
    events.listen('sessionEnded', (ended) => void this.#sessionEnded(ended));
    events.listen('accessTokenChanged', (change) => void this.#tokenChanged(change));
  }

  get count(): number {
    return this.#sockets.size;
  }

  countOf(accountId: string): number {
    return this.#byAccount.of(accountId).size;
  }

  add(socket: LiveSocket): void {
    this.#sockets.add(socket);
    for (const index of this.#indexes) index.add(socket);
  }

  remove(socket: LiveSocket): void {
    this.#sockets.delete(socket);
    for (const index of this.#indexes) index.remove(socket);
  }

  /**
   * Ends the sockets whose token has expired meanwhile, and the sessions with a socket that are at their absolute end,
   * ahead of those that nobody listens to; notes the other sessions as present.
   */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    const expired: LiveSocket[] = [];
    const over = new Set<string>();
    for (const socket of this.#sockets) {
      const { credential } = socket;
      if (credential.kind === 'token') {
        if ((credential.holder.endsAt ?? Infinity) <= now) expired.push(socket);
      } else if (credential.session.expiresAt <= now) over.add(credential.session.id);
      else this.presence.note(credential.session);
    }
    close(expired, 'The access token has expired.');
    await this.endings.endExpiredAmong([...over]);
  }

  /**
   * Ends the sockets whose session or token ended on another server, where that may not have been heard of: asks the
   * database while events do not arrive, and once more when they do again.
   */
  async recheck(): Promise<void> {
    const { available, interruptionCount } = this.events;
    const missedNothing =
      available && this.#wasAvailable && interruptionCount === this.#interruptionsSeen;
    if (missedNothing && !this.#unsure) return;
    this.#unsure = false;
    try {
      const sessionIds = this.#bySession.keys();
      const live = await this.sessions.liveAmong(sessionIds);
      closeGone(this.#bySession, sessionIds, live, 'The session has ended.');
      const tokenIds = this.#byToken.keys();
      const working = await this.listing.activeAmong(tokenIds);
      closeGone(this.#byToken, tokenIds, working, 'The access token is no longer valid.');
    } catch (error) {
      this.#unsure = true;
      throw error;
    }
    this.#wasAvailable = available;
    this.#interruptionsSeen = interruptionCount;
  }

  get #indexes(): readonly SocketIndex<LiveSocket>[] {
    return [this.#byAccount, this.#bySession, this.#byToken];
  }

  async #sessionEnded({ accountId, sessionId }: Topics['sessionEnded']): Promise<void> {
    if (this.#bySession.of(sessionId).size === 0) return;
    // Its announcement reads the session as well: the close is to come behind that, however slow the database is.
    const read = this.sessions.find(accountId, sessionId).catch(() => null);
    await Promise.race([read, pause(ANNOUNCEMENT_LIMIT_MS, null, { ref: false })]);
    close(this.#bySession.of(sessionId), 'The session has ended.');
  }

  async #tokenChanged(change: Topics['accessTokenChanged']): Promise<void> {
    const { accountId, accessTokenId, kind } = change;
    const sockets = this.#byToken.of(accessTokenId);
    if (kind === AccessTokenChangeKind.CREATED || sockets.size === 0) return;
    try {
      const token = await this.listing.byId(accountId, accessTokenId);
      const stillGood = kind === AccessTokenChangeKind.UPDATED && token?.active === true;
      if (!stillGood) close(sockets, 'The access token is no longer valid.');
    } catch {
      this.#unsure = true;
    }
  }
}

/** @param asked what was asked about: a socket that opened since then was not, and was let in on its own. */
function closeGone(
  sockets: SocketIndex<LiveSocket>,
  asked: readonly string[],
  good: ReadonlySet<string>,
  reason: string,
): void {
  for (const key of asked) if (!good.has(key)) close(sockets.of(key), reason);
}

function close(sockets: Iterable<LiveSocket>, reason: string): void {
  const ending = [...sockets];
  if (ending.length === 0) return;
  setTimeout(() => {
    for (const socket of ending) socket.close(FORBIDDEN_CLOSE_CODE, reason);
  }, CLOSE_AFTER_MS);
}

export function accountIdOf({ credential }: LiveSocket): string {
  return credential.kind === 'session' ? credential.session.accountId : credential.holder.accountId;
}

function sessionIdOf({ credential }: LiveSocket): string | null {
  return credential.kind === 'session' ? credential.session.id : credential.holder.sessionId;
}

function tokenIdOf({ credential }: LiveSocket): string | null {
  return credential.kind === 'token' ? credential.holder.accessTokenId : null;
}

/** Finds sockets by what they belong to: ten thousand endings in a second cannot look at every socket each. */
class SocketIndex<Socket> {
  readonly #sockets = new Map<string, Set<Socket>>();

  /** @param keyOf what a socket belongs to; null for nothing. */
  constructor(private readonly keyOf: (socket: Socket) => string | null) {}

  add(socket: Socket): void {
    const key = this.keyOf(socket);
    if (key === null) return;
    this.#sockets.set(key, (this.#sockets.get(key) ?? new Set()).add(socket));
  }

  remove(socket: Socket): void {
    const key = this.keyOf(socket);
    const sockets = key === null ? undefined : this.#sockets.get(key);
    if (key === null || !sockets?.delete(socket)) return;
    if (sockets.size === 0) this.#sockets.delete(key);
  }

  of(key: string): ReadonlySet<Socket> {
    return this.#sockets.get(key) ?? NONE;
  }

  keys(): string[] {
    return [...this.#sockets.keys()];
  }
}
