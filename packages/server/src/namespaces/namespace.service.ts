import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import type { Account } from '../accounts/account.entity.js';
import { foldUsername } from '../accounts/username.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { Namespace } from './namespace.entity.js';

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
    const found = await Promise.all([...new Set(names)].map((name) => this.#isPublic(name)));
    return new Set(found.filter((name) => name !== undefined));
  }

  /** The names of all public namespaces. */
  async allPublic(): Promise<string[]> {
    const rows = await this.database.sql.all<Pick<Namespace, 'name'>>(
      'SELECT name FROM namespaces WHERE isPublic = 1 ORDER BY name',
    );
    return rows.map(({ name }) => name);
  }

  async #isPublic(name: string): Promise<string | undefined> {
    const statement = 'SELECT name FROM namespaces WHERE name = ? AND isPublic = 1';
    const row = await this.database.sql.get<Pick<Namespace, 'name'>>(statement, [name]);
    // An engine may compare without case; a registry does not.
    return row?.name === name ? name : undefined;
  }
}

function notOwned({ username }: Account): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.NOT_FOUND,
    `There is no such namespace in this account. Its own is ${username}.`,
  );
}
