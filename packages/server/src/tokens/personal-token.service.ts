import { ErrorCode, LatchkeyError, LIMITS, labelProblem, toScopeSet } from '@latchkey/shared';
import { In } from 'typeorm';
import type { Throttle } from '../cluster/throttle.js';
import { SECOND_MS } from '../core/clock.js';
import { requireValid } from '../core/validation.js';
import type { Database, Transaction } from '../database/database.js';
import { AccessToken, AccessTokenKind } from '../database/entities/access-token.entity.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { AccessTokenChangeKind } from '../pubsub/events.js';
import type { FlushUsage } from './flush-usage.js';
import {
  defaultDescription,
  expiryOf,
  type NewPersonalToken,
  type TokenCreator,
} from './new-personal-token.js';
import { foldDescription, type TokenStore, type TokenWithSecret } from './token-store.js';

export interface TokenChange {
  readonly id: string;
  readonly description?: string | undefined;
  readonly active?: boolean | undefined;
}

/** By whom a token is removed: it stands in the tombstone. */
export interface Remover {
  readonly username: string;
  readonly deviceName: string | null;
}

interface Rules {
  readonly tokenMaxMs: number | undefined;
  readonly tokensPerAccount: number;
}

/** What has expired works no more, and takes nobody's place. */
const COUNT_UNEXPIRED = `SELECT COUNT(*) AS count FROM access_tokens
  WHERE accountId = ? AND removedAt IS NULL AND kind = 'PERSONAL' AND (expiresAt IS NULL OR expiresAt > ?)`;

/** The rules of personal tokens. Another account's token is NOT_FOUND, as if it did not exist. */
export class PersonalTokenService {
  constructor(
    private readonly database: Database,
    private readonly store: TokenStore,
    private readonly throttle: Throttle,
    private readonly rules: Rules,
    private readonly flushUsage: FlushUsage,
  ) {}

  /** @throws LatchkeyError VALIDATION_FAILED naming every wrong field, LIMIT_REACHED, RATE_LIMITED */
  async create(creator: TokenCreator, input: NewPersonalToken): Promise<TokenWithSecret> {
    const { accountId } = creator;
    const now = this.store.clock.now();
    const description = input.description?.trim() ?? defaultDescription(creator, now);
    const expiry = expiryOf(input, this.rules.tokenMaxMs, now);
    requireValid(
      ['input.description', descriptionProblem(description)],
      ['input.scopes', input.scopes.length === 0 ? 'A token has at least one scope.' : undefined],
      [expiry.path, expiry.problem],
    );
    return this.throttle.count(accountId, () =>
      this.database.transaction(async (transaction) => {
        await transaction.lockAccount(accountId);
        await this.#requireRoom(transaction, accountId);
        return this.store.insert(
          transaction,
          {
            accountId,
            kind: AccessTokenKind.PERSONAL,
            description,
            scopes: toScopeSet(input.scopes),
            expiresAt: expiry.expiresAt,
            sessionId: null,
          },
          'PERSONAL',
        );
      }),
    );
  }

  /**
   * Renames, activates or deactivates; what is left out stays.
   * @throws LatchkeyError VALIDATION_FAILED, NOT_FOUND, TOKEN_REMOVED
   */
  async update(accountId: string, change: TokenChange): Promise<AccessToken> {
    const description = change.description?.trim();
    if (description !== undefined) {
      requireValid(['input.description', descriptionProblem(description)]);
    }
    await this.flushUsage();
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(accountId);
      const token = await requireLive(transaction, accountId, change.id);
      const columns = {
        ...(description !== undefined && {
          description,
          descriptionFolded: foldDescription(description),
        }),
        ...(change.active !== undefined && { active: change.active }),
      };
      if (Object.keys(columns).length === 0) return token;
      await transaction.manager.update(AccessToken, { id: token.id }, columns);
      this.store.announce(transaction, token, AccessTokenChangeKind.UPDATED);
      return { ...token, ...columns };
    });
  }

  /**
   * Activates or deactivates all of `ids` or none.
   * @returns the tokens, each once.
   * @throws LatchkeyError VALIDATION_FAILED, NOT_FOUND where one of them is not this account's, TOKEN_REMOVED
   */
  async setActive(
    accountId: string,
    ids: readonly string[],
    active: boolean,
  ): Promise<AccessToken[]> {
    const wanted = [...new Set(ids)];
    requireValid(['ids', idsProblem(wanted)]);
    await this.flushUsage();
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(accountId);
      const { manager } = transaction;
      const found = await manager.findBy(AccessToken, { accountId, id: In(wanted) });
      if (found.length !== wanted.length) throw notFound();
      for (const token of found) requireNotRemoved(token);
      const changed = found.filter((token) => token.active !== active);
      if (changed.length > 0) {
        await manager.update(AccessToken, { id: In(changed.map(({ id }) => id)) }, { active });
      }
      for (const token of changed) {
        this.store.announce(transaction, token, AccessTokenChangeKind.UPDATED);
      }
      return found.map((token) => ({ ...token, active }));
    });
  }

  /**
   * A new secret for the same token. The old one works for `overlapSeconds` more, at most a week.
   * @throws LatchkeyError VALIDATION_FAILED, NOT_FOUND, TOKEN_REMOVED, TOKEN_EXPIRED, CONFLICT for a session token,
   * RATE_LIMITED
   */
  async rotate(accountId: string, id: string, overlapSeconds: number): Promise<TokenWithSecret> {
    requireValid(['overlapSeconds', overlapProblem(overlapSeconds)]);
    return this.throttle.count(accountId, async () => {
      await this.flushUsage();
      return this.database.transaction(async (transaction) => {
        await transaction.lockAccount(accountId);
        const token = await requireLive(transaction, accountId, id);
        if (token.kind !== AccessTokenKind.PERSONAL) {
          throw new LatchkeyError(
            ErrorCode.CONFLICT,
            'This token was made by a sign-in and is not rotated by hand. Sign in again on its device to get a new one.',
          );
        }
        if (token.expiresAt !== null && token.expiresAt <= this.store.clock.now()) {
          throw new LatchkeyError(
            ErrorCode.TOKEN_EXPIRED,
            'This token has expired, and a new secret would not change that. Make a new token.',
          );
        }
        return this.store.replaceSecret(transaction, token, 'PERSONAL', overlapSeconds * SECOND_MS);
      });
    });
  }

  /**
   * Removes all of `ids` or none. A token that is removed already stays as it is, so that a repeated call succeeds.
   * @returns the identifiers, each once.
   * @throws LatchkeyError VALIDATION_FAILED, NOT_FOUND where one of them is not this account's
   */
  async delete(accountId: string, ids: readonly string[], remover: Remover): Promise<string[]> {
    const wanted = [...new Set(ids)];
    requireValid(['ids', idsProblem(wanted)]);
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(accountId);
      const found = await transaction.manager.findBy(AccessToken, { accountId, id: In(wanted) });
      if (found.length !== wanted.length) throw notFound();
      const live = found.filter((token) => token.removedAt === null);
      await this.store.remove(transaction, live, RemovalReason.DELETED, deletionNote(remover));
      return wanted;
    });
  }

  async #requireRoom({ sql }: Transaction, accountId: string): Promise<void> {
    const now = this.store.clock.now();
    const row = await sql.get<{ count: number }>(COUNT_UNEXPIRED, [accountId, now]);
    const count = Number(row?.count);
    if (count < this.rules.tokensPerAccount) return;
    throw new LatchkeyError(
      ErrorCode.LIMIT_REACHED,
      `This account has ${count} tokens that have not expired, the most that this server allows. Delete one that is no longer used.`,
    );
  }
}

async function requireLive(
  { manager }: Transaction,
  accountId: string,
  id: string,
): Promise<AccessToken> {
  const token = await manager.findOneBy(AccessToken, { accountId, id });
  if (token === null) throw notFound();
  return requireNotRemoved(token);
}

function requireNotRemoved(token: AccessToken): AccessToken {
  if (token.removedAt === null) return token;
  throw new LatchkeyError(
    ErrorCode.TOKEN_REMOVED,
    `This token is removed and cannot be changed. ${token.removalNote ?? ''}`.trim(),
  );
}

function notFound(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.NOT_FOUND,
    'There is no such token in this account. Nothing was changed.',
  );
}

function descriptionProblem(description: string): string | undefined {
  return labelProblem(description, 'A description', LIMITS.descriptionMaxLength);
}

function overlapProblem(seconds: number): string | undefined {
  const max = LIMITS.rotationOverlapMaxSeconds;
  return seconds >= 0 && seconds <= max ? undefined : `An overlap has 0 to ${max} seconds.`;
}

function idsProblem(ids: readonly string[]): string | undefined {
  const max = LIMITS.tokensAtOnceMax;
  return ids.length >= 1 && ids.length <= max ? undefined : `Give 1 to ${max} tokens.`;
}

function deletionNote({ username, deviceName }: Remover): string {
  return `Deleted by ${username}${deviceName === null ? '' : ` on ${deviceName}`}.`;
}
