import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { IsNull, Not } from 'typeorm';
import { inBatches } from '../core/batches.js';
import type { Clock } from '../core/clock.js';
import type { Database, Transaction } from '../database/database.js';
import type { Account } from '../database/entities/account.entity.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { Session } from '../database/entities/session.entity.js';
import { withList } from '../database/rows.js';
import type { Events } from '../pubsub/events.js';
import type { SessionTokenService } from '../tokens/session-token.service.js';

/** Sessions a step that have sockets: each end is told to every socket of the account before anything else is answered. */
const STEP = 10;
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

/** Ends sessions, and their tokens with them: by their owner's word, by another sign-in, by time. */
export class SessionEndingService {
  constructor(
    private readonly database: Database,
    private readonly tokens: SessionTokenService,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

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
      await this.end(transaction, [session], RemovalReason.SESSION_REVOKED, endedBy(account));
      return transaction.manager.findOneByOrFail(Session, { id });
    });
  }

  /** Ends every session of the account but `keepId`; @returns their identifiers. */
  endOthers(account: Account, keepId: string): Promise<string[]> {
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(account.id);
      return this.endOthersWithin(transaction, account, keepId);
    });
  }

  /** The same within a transaction that holds the account. */
  endOthersWithin(transaction: Transaction, account: Account, keepId: string): Promise<string[]> {
    return this.endAll(transaction, account.id, endedBy(account), keepId);
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

/** What a token's tombstone says of a session that its account ended. */
function endedBy({ username }: Account): string {
  return `Its session was ended by ${username}.`;
}
