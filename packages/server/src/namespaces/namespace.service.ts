import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { foldUsername } from '../accounts/username.js';
import type { Clock } from '../core/clock.js';
import type { Database, SqlValue } from '../database/database.js';
import type { Account } from '../database/entities/account.entity.js';
import { Namespace } from '../database/entities/namespace.entity.js';
import { withList } from '../database/rows.js';

const PUBLIC_AMONG = 'SELECT name FROM namespaces WHERE isPublic = 1 AND name IN (?)';
const PUBLIC_FROM =
  'SELECT name FROM namespaces WHERE isPublic = 1 AND name >= ? ORDER BY name LIMIT ?';

/** Namespaces: every account owns the one that bears its name, and says whether it is public. */
export class NamespaceService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The namespace that the account owns. */
  async ownedBy({ id, username, createdAt }: Account): Promise<Namespace> {
    const stored = await this.database.manager.findOneBy(Namespace, { name: username });
    return stored ?? { name: username, ownerId: id, isPublic: false, changedAt: createdAt };
  }

  /**
   * Opens the account's namespace to everybody, or closes it; from the next request on.
   * @throws LatchkeyError NOT_FOUND where it is not the account's own
   */
  async setPublic(account: Account, name: string, isPublic: boolean): Promise<Namespace> {
    if (foldUsername(name) !== account.username) throw notOwned(account);
    const namespace: Namespace = {
      name: account.username,
      ownerId: account.id,
      isPublic,
      changedAt: this.clock.now(),
    };
    await this.database.transaction(({ manager }) =>
      manager.upsert(Namespace, namespace, ['name']),
    );
    return namespace;
  }

  /** Those of `names` that are public. */
  async publicAmong(names: readonly string[]): Promise<ReadonlySet<string>> {
    if (names.length === 0) return new Set();
    return new Set(await this.#names(...withList(PUBLIC_AMONG, [...new Set(names)])));
  }

  /** The first `count` public namespaces from `first` on, by name. */
  publicFrom(first: string, count: number): Promise<string[]> {
    return this.#names(PUBLIC_FROM, [first, count]);
  }

  async #names(statement: string, values: readonly SqlValue[]): Promise<string[]> {
    const rows = await this.database.sql.all<Pick<Namespace, 'name'>>(statement, values);
    return rows.map(({ name }) => name);
  }
}

function notOwned({ username }: Account): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.NOT_FOUND,
    `There is no such namespace in this account. Its own is ${username}.`,
  );
}
