import { In, MoreThan } from 'typeorm';
import type { Clock } from '../core/clock.js';
import { digestOf } from '../crypto/secret.js';
import type { Database } from '../database/database.js';
import { Session } from '../database/entities/session.entity.js';
import { isOver } from './session-clock.js';
import { sessionOver } from './session-over.js';
import type { SessionPresence } from './session-presence.js';

const SESSIONS_LISTED = 200;
/** Prepared: every request with a session, and every announcement of an ending, reads one. */
const BY_SECRET = 'SELECT * FROM sessions WHERE secretDigest = ?';
const BY_ID = 'SELECT * FROM sessions WHERE id = ? AND accountId = ?';

/** Finds sessions: by their secret, by their account. */
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly presence: SessionPresence,
    private readonly clock: Clock,
  ) {}

  /**
   * The session whose secret this is; it counts as seen.
   * @returns undefined where there is none.
   * @throws LatchkeyError SESSION_EXPIRED where it is over
   */
  async authenticate(secret: string): Promise<Session | undefined> {
    const session = await this.database.sql.get<Session>(BY_SECRET, [digestOf(secret)]);
    if (session === undefined) return undefined;
    if (isOver(session, this.clock.now())) throw sessionOver(session);
    this.presence.note(session);
    return session;
  }

  /** @throws LatchkeyError SESSION_EXPIRED where the session is over or gone by now */
  async requireLive(id: string): Promise<Session> {
    const session = await this.database.manager.findOneBy(Session, { id });
    if (session === null || isOver(session, this.clock.now())) throw sessionOver(session);
    return session;
  }

  /** The account's live sessions, newest first. */
  listLive(accountId: string): Promise<Session[]> {
    return this.database.manager.find(Session, {
      where: { accountId, liveUntil: MoreThan(this.clock.now()) },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: SESSIONS_LISTED,
    });
  }

  /** A session of the account, ended ones too; null once it is forgotten. */
  async find(accountId: string, id: string): Promise<Session | null> {
    return (await this.database.sql.get<Session>(BY_ID, [id, accountId])) ?? null;
  }

  /** A session that is known to exist. */
  async byId(accountId: string, id: string): Promise<Session> {
    const session = await this.find(accountId, id);
    if (session === null) throw new Error(`There is no session ${id}.`);
    return session;
  }

  /** Which of these sessions are not over. */
  async liveAmong(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const live = await this.database.manager.find(Session, {
      select: { id: true },
      where: { id: In([...ids]), liveUntil: MoreThan(this.clock.now()) },
    });
    return new Set(live.map((session) => session.id));
  }
}
