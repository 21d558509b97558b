import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { inBatches } from '../core/batches.js';
import type { Clock } from '../core/clock.js';
import { digestOf } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import type { Account } from '../database/entities/account.entity.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { ClientKind, Session } from '../database/entities/session.entity.js';
import { withList } from '../database/rows.js';
import type { Events } from '../pubsub/events.js';
import type { SessionTokenService } from '../tokens/session-token.service.js';
import type { TokenWithSecret } from '../tokens/token-store.js';
import { isOver } from './session-clock.js';
import type { SessionPresence } from './session-presence.js';

const SESSIONS_LISTED = 200;
/** Sessions a step that have sockets: each end is told to every socket of the account before anything else is answered. */
const STEP = 10;
/** Prepared: every request with a session, and every announcement of an ending, reads one. */
const BY_SECRET = 'SELECT * FROM sessions WHERE secretDigest = ?';
const BY_ID = 'SELECT * FROM sessions WHERE id = ? AND accountId = ?';
const END =
  'UPDATE sessions SET endedAt = ?, endReason = ?, liveUntil = NULL WHERE id = ? AND endedAt IS NULL';
const DUE = 'SELECT id, accountId FROM sessions WHERE liveUntil <= ? ORDER BY liveUntil LIMIT ?';
const DUE_AMONG = 'SELECT id, accountId FROM sessions WHERE id IN (?) AND liveUntil <= ?';
/** Those behind the account's live session tokens: a handful, however many of its sessions are over. */
const DUE_WITH_TOKEN = `SELECT session.id, session.accountId
  FROM access_tokens token JOIN sessions session ON session.id = token.sessionId
  WHERE token.accountId = ? AND token.removedAt IS NULL AND token.kind = 'SESSION' AND session.liveUntil <= ?`;

/** All that an ending has to know. */
type EndingSession = Pick<Session, 'id' | 'accountId'>;

/** Sessions after their sign-in: found by their secret, listed, ended. */
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly tokens: SessionTokenService,
    private readonly presence: SessionPresence,
    private readonly events: Events,
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

  /** Ends the caller's own session. */
  async signOut(session: Session): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.lockAccount(session.accountId);
      await this.end(transaction, [session], RemovalReason.SIGNED_OUT, 'Its session signed out.');
    });
  }

  /**
   * Ends one session of the account; one that has ended stays as it is.
   * @throws LatchkeyError NOT_FOUND
   */
  async endById(account: Account, id: string): Promise<Session> {
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(account.id);
      const session = await transaction.manager.findOneBy(Session, { accountId: account.id, id });
      if (session === null) {
        throw new LatchkeyError(ErrorCode.NOT_FOUND, 'There is no such session in this account.');
      }
      if (session.endedAt !== null) return session;
      await this.end(
        transaction,
        [session],
        RemovalReason.SESSION_REVOKED,
        `Its session was ended by ${account.username}.`,
      );
      return transaction.manager.findOneByOrFail(Session, { id });
    });
  }

  /** Ends every session of the account but `keepId`; @returns their identifiers. */
  endOthers(account: Account, keepId: string): Promise<string[]> {
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(account.id);
      return this.endAll(
        transaction,
        account.id,
        `Its session was ended by ${account.username}.`,
        keepId,
      );
    });
  }

  /**
   * Ends every session of an account that the transaction holds, but for `keepId` where that is given.
   * @returns their identifiers.
   */
  async endAll(
    transaction: Transaction,
    accountId: string,
    note: string,
    keepId?: string,
  ): Promise<string[]> {
    const others = await transaction.manager.findBy(Session, {
      accountId,
      endedAt: IsNull(),
      ...(keepId !== undefined && { id: Not(keepId) }),
    });
    await this.end(transaction, others, RemovalReason.SESSION_REVOKED, note);
    return others.map((session) => session.id);
  }

  /**
   * Ends up to `limit` sessions whose time has come, the longest due first.
   * @returns how many were due; fewer than `limit` means that none is left.
   */
  endExpired(limit: number): Promise<number> {
    return this.#endDue(({ sql }) => sql.all(DUE, [this.clock.now(), limit]));
  }

  /** Ends those of `ids` whose time has come. */
  async endExpiredAmong(ids: readonly string[]): Promise<void> {
    const left = [...ids];
    if (left.length === 0) return;
    await inBatches(async () => {
      const ids = left.splice(0, STEP);
      await this.#endDue((transaction) => this.#dueAmong(transaction, ids));
      return left.length > 0;
    });
  }

  #endDue(find: (transaction: Transaction) => Promise<EndingSession[]>): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const due = await find(transaction);
      if (due.length === 0) return 0;
      // Always in one order, so that two who hold several accounts never wait for each other.
      const accountIds = new Set(due.map((session) => session.accountId));
      for (const accountId of [...accountIds].sort()) await transaction.lockAccount(accountId);
      const ids = due.map((session) => session.id);
      await this.#endAsExpired(transaction, await this.#dueAmong(transaction, ids));
      return due.length;
    });
  }

  #dueAmong({ sql }: Transaction, ids: readonly string[]): Promise<EndingSession[]> {
    const [statement, values] = withList(DUE_AMONG, ids);
    return sql.all(statement, [...values, this.clock.now()]);
  }

  /** Ends those of an account whose time has come and whose tokens would count among its five. */
  async endExpiredOf(transaction: Transaction, accountId: string): Promise<void> {
    const now = this.clock.now();
    const over = await transaction.sql.all<EndingSession>(DUE_WITH_TOKEN, [accountId, now]);
    await this.#endAsExpired(transaction, over);
  }

  /**
   * Mints the session's token again, after it was deleted or pruned.
   * @throws LatchkeyError FORBIDDEN unless it is a desktop's session, SESSION_EXPIRED, TOKEN_INACTIVE, RATE_LIMITED
   */
  async ensureToken(session: Session): Promise<TokenWithSecret> {
    if (session.client !== ClientKind.DESKTOP) {
      throw new LatchkeyError(
        ErrorCode.FORBIDDEN,
        'Only the desktop app has a token of its own. Make a personal token instead.',
      );
    }
    await this.tokens.admit(session.accountId);
    await this.tokens.prepare();
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(session.accountId);
      const current = await transaction.manager.findOneBy(Session, { id: session.id });
      if (current === null || isOver(current, this.clock.now())) throw sessionOver(current);
      await this.endExpiredOf(transaction, session.accountId);
      return this.tokens.ensure(transaction, current);
    });
  }

  /** Ends sessions, however it came, and removes their tokens with them; @returns the tokens' identifiers. */
  async end(
    transaction: Transaction,
    sessions: readonly EndingSession[],
    reason: RemovalReason,
    note: string,
  ): Promise<string[]> {
    if (sessions.length === 0) return [];
    const ids = sessions.map((session) => session.id);
    // One by one: for a list of them, SQLite would go through all sessions that have not ended.
    const ended = new Set<string>();
    for (const id of ids) {
      const changed = await transaction.sql.run(END, [this.clock.now(), reason, id]);
      if (changed > 0) ended.add(id);
    }
    const removed = await this.tokens.removeOf(transaction, ids, reason, note);
    for (const { id, accountId } of sessions) {
      if (!ended.has(id)) continue;
      transaction.afterCommit(() => {
        this.events.publish('accountChanged', { accountId });
        this.events.publish('sessionEnded', { accountId, sessionId: id, reason });
      });
    }
    return removed;
  }

  async #endAsExpired(transaction: Transaction, over: readonly EndingSession[]): Promise<void> {
    await this.end(transaction, over, RemovalReason.SESSION_EXPIRED, 'Its session expired.');
  }
}

const HOW_IT_ENDED: Partial<Record<RemovalReason, string>> = {
  SESSION_REVOKED: 'This session was ended from another device.',
  REPLACED: 'This session was replaced by a new sign-in on the same device.',
  SIGNED_OUT: 'This session is signed out.',
  REPORTED_LEAKED: 'This session was ended because its secret was reported as leaked.',
};

function sessionOver(session: Session | null): LatchkeyError {
  const how = HOW_IT_ENDED[session?.endReason ?? RemovalReason.SESSION_EXPIRED];
  return new LatchkeyError(
    ErrorCode.SESSION_EXPIRED,
    `${how ?? 'This session has expired.'} Sign in again.`,
  );
}
