import type { Clock } from '../clock.js';
import { AccessTokenChangeKind, type Events } from '../pubsub/events.js';
import type { SessionService } from '../sessions/session.service.js';
import type { SessionPresence } from '../sessions/session-presence.js';
import type { TokenListingService } from '../tokens/token-listing.service.js';
import type { Credential } from './context.js';

/** What a client reads in a 4403's reason: its credential ended; it may sign in again and come back. */
export const FORBIDDEN_CLOSE_CODE = 4403;
/** Long enough for what was announced to be on its way before the socket closes, far below the second that is promised. */
const CLOSE_AFTER_MS = 100;

type LiveCredential = Extract<Credential, { kind: 'session' | 'token' }>;

export interface LiveSocket {
  readonly credential: LiveCredential;
  close(code: number, reason: string): void;
}

/** The open sockets, and the end of them: none outlives the session or the token it was opened with. */
export class LiveSockets {
  readonly #sockets = new Set<LiveSocket>();
  readonly #perAccount = new Map<string, number>();
  #wasAvailable = true;
  #interruptionsSeen = 0;

  constructor(
    private readonly listing: TokenListingService,
    private readonly presence: SessionPresence,
    private readonly clock: Clock,
    private readonly sessions: SessionService,
    private readonly events: Events,
  ) {
    events.listen('sessionEnded', ({ sessionId }) => {
      this.#end((socket) => sessionIdOf(socket) === sessionId, 'The session has ended.');
    });
    events.listen('accessTokenChanged', async ({ accountId, accessTokenId, kind }) => {
      const isOfToken = (socket: LiveSocket) => tokenIdOf(socket) === accessTokenId;
      if (kind === AccessTokenChangeKind.CREATED || !this.#some(isOfToken)) return;
      const token = await this.listing.byId(accountId, accessTokenId);
      const stillGood = kind === AccessTokenChangeKind.UPDATED && token?.active === true;
      if (!stillGood) this.#end(isOfToken, 'The access token is no longer valid.');
    });
  }

  get count(): number {
    return this.#sockets.size;
  }

  countOf(accountId: string): number {
    return this.#perAccount.get(accountId) ?? 0;
  }

  add(socket: LiveSocket): void {
    const accountId = accountIdOf(socket);
    this.#sockets.add(socket);
    this.#perAccount.set(accountId, this.countOf(accountId) + 1);
  }

  remove(socket: LiveSocket): void {
    if (!this.#sockets.delete(socket)) return;
    const accountId = accountIdOf(socket);
    const left = this.countOf(accountId) - 1;
    if (left > 0) this.#perAccount.set(accountId, left);
    else this.#perAccount.delete(accountId);
  }

  /** Ends the sockets whose token has expired meanwhile, and notes the sessions of the others as present. */
  sweep(): void {
    const now = this.clock.now();
    this.#end(
      ({ credential }) =>
        credential.kind === 'token' && (credential.holder.endsAt ?? Infinity) <= now,
      'The access token has expired.',
    );
    for (const { credential } of this.#sockets) {
      if (credential.kind === 'session') this.presence.note(credential.session);
    }
  }

  /**
   * Ends the sockets whose session or token ended on another server, where that may not have been heard of: asks the
   * database while events do not arrive, and once more when they do again.
   */
  async recheck(): Promise<void> {
    const { available, interruptionCount } = this.events;
    const missedNothing =
      available && this.#wasAvailable && interruptionCount === this.#interruptionsSeen;
    if (missedNothing) return;
    const live = await this.sessions.liveAmong(idsOf(this.#sockets, sessionIdOf));
    this.#end((socket) => {
      const id = sessionIdOf(socket);
      return id !== null && !live.has(id);
    }, 'The session has ended.');
    const working = await this.listing.activeAmong(idsOf(this.#sockets, tokenIdOf));
    this.#end((socket) => {
      const id = tokenIdOf(socket);
      return id !== null && !working.has(id);
    }, 'The access token is no longer valid.');
    this.#wasAvailable = available;
    this.#interruptionsSeen = interruptionCount;
  }

  #some(matches: (socket: LiveSocket) => boolean): boolean {
    for (const socket of this.#sockets) if (matches(socket)) return true;
    return false;
  }

  #end(matches: (socket: LiveSocket) => boolean, reason: string): void {
    const ending = [...this.#sockets].filter(matches);
    if (ending.length === 0) return;
    setTimeout(() => {
      for (const socket of ending) socket.close(FORBIDDEN_CLOSE_CODE, reason);
    }, CLOSE_AFTER_MS);
  }
}

function idsOf(
  sockets: Iterable<LiveSocket>,
  idOf: (socket: LiveSocket) => string | null,
): string[] {
  return [...new Set([...sockets].map(idOf))].filter((id) => id !== null);
}

function accountIdOf({ credential }: LiveSocket): string {
  return credential.kind === 'session' ? credential.session.accountId : credential.holder.accountId;
}

function sessionIdOf({ credential }: LiveSocket): string | null {
  return credential.kind === 'session' ? credential.session.id : credential.holder.sessionId;
}

function tokenIdOf({ credential }: LiveSocket): string | null {
  return credential.kind === 'token' ? credential.holder.accessTokenId : null;
}
