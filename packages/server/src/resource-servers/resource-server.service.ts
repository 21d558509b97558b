import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { requireAdministrator } from '../accounts/administrator.js';
import type { Clock } from '../core/clock.js';
import type { MakeId } from '../core/ids.js';
import type { Log } from '../core/log.js';
import { ReadCache } from '../core/read-cache.js';
import { requireValid } from '../core/validation.js';
import { digestOf, newSecret } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import { isDuplicate } from '../database/database-errors.js';
import type { Account } from '../database/entities/account.entity.js';
import { ResourceServer } from '../database/entities/resource-server.entity.js';
import type { Events } from '../pubsub/events.js';

const LISTED = 1000;
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const NAME_MAX_LENGTH = 39;

/** A resource server as far as its requests go. */
export type KnownResourceServer = Pick<ResourceServer, 'name' | 'secretDigest'>;
type StoredResourceServer = KnownResourceServer & Pick<ResourceServer, 'createdById'>;

const CACHED = 1000;
const SELECT = `SELECT name, secretDigest, createdById FROM resource_servers
  WHERE secretDigest = ? AND revokedAt IS NULL`;

/** Resource servers, registered by an administrator or by the configuration. */
export class ResourceServerService {
  /** Those whose secret is good, by its digest: the same few ask all the time. */
  readonly #cache: ReadCache<StoredResourceServer>;

  /** @param cacheValidMs for how long what was read counts, as `ReadCache` has it. */
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly clock: Clock,
    private readonly makeId: MakeId,
    private readonly log: Log,
    private readonly configured: readonly KnownResourceServer[],
    cacheValidMs: number | undefined,
  ) {
    this.#cache = new ReadCache({
      max: CACHED,
      validMs: cacheValidMs,
      read: (digest) => database.sql.get<StoredResourceServer>(SELECT, [digest]),
      ownerOf: ({ createdById }) => createdById,
    });
    events.listen('resourceServerEnded', ({ accountId }) => this.#cache.drop(accountId));
  }

  /**
   * The resource server whose secret this is.
   * @param name what it calls itself, where it does; another's name does not fit the secret.
   */
  async authenticate(secret: string, name?: string): Promise<KnownResourceServer | undefined> {
    const digest = digestOf(secret.trim());
    const found =
      this.#configuredWith(digest) ?? this.#cache.get(digest) ?? (await this.#cache.read(digest));
    return name === undefined || name === found?.name ? found : undefined;
  }

  /**
   * Those that administrators made, by name.
   * @throws LatchkeyError FORBIDDEN unless an administrator asks
   */
  async list(account: Account): Promise<ResourceServer[]> {
    requireAdministrator(account);
    return this.database.manager.find(ResourceServer, { order: { name: 'ASC' }, take: LISTED });
  }

  /**
   * Registers one; its secret is shown once.
   * @throws LatchkeyError FORBIDDEN unless an administrator asks, VALIDATION_FAILED, CONFLICT where the name is taken
   */
  async create(
    account: Account,
    name: string,
  ): Promise<{ resourceServer: ResourceServer; secret: string }> {
    requireAdministrator(account);
    requireValid(['name', nameProblem(name)]);
    const secret = newSecret('RESOURCE_SERVER');
    const resourceServer: ResourceServer = {
      id: this.makeId(),
      name,
      secretDigest: digestOf(secret),
      createdAt: this.clock.now(),
      createdById: account.id,
      revokedAt: null,
      revocationNote: null,
    };
    if (this.configured.some((other) => other.name === name)) throw nameTaken();
    try {
      await this.database.transaction(({ manager }) =>
        manager.insert(ResourceServer, resourceServer),
      );
    } catch (error) {
      throw isDuplicate(error) ? nameTaken() : error;
    }
    return { resourceServer, secret };
  }

  /**
   * Gives one a new secret, shown once; the old one ends at once. One whose secret leaked is good again with it.
   * @throws LatchkeyError FORBIDDEN unless an administrator asks, NOT_FOUND
   */
  async rotateSecret(
    account: Account,
    id: string,
  ): Promise<{ resourceServer: ResourceServer; secret: string }> {
    requireAdministrator(account);
    const secret = newSecret('RESOURCE_SERVER');
    const renewed = { secretDigest: digestOf(secret), revokedAt: null, revocationNote: null };
    return this.database.transaction(async (transaction) => {
      const resourceServer = await requireById(transaction, id);
      await transaction.manager.update(ResourceServer, { id }, renewed);
      this.#announceEnd(transaction, resourceServer);
      return { resourceServer: { ...resourceServer, ...renewed }, secret };
    });
  }

  /**
   * Forgets one: its secret no longer asks anything.
   * @throws LatchkeyError FORBIDDEN unless an administrator asks, NOT_FOUND
   */
  async delete(account: Account, id: string): Promise<void> {
    requireAdministrator(account);
    await this.database.transaction(async (transaction) => {
      const resourceServer = await requireById(transaction, id);
      await transaction.manager.delete(ResourceServer, { id });
      this.#announceEnd(transaction, resourceServer);
    });
  }

  /**
   * Ends the secret with this digest, where it is one's. Its resource server stays listed with the note, until an
   * administrator deletes it. What the configuration holds is the configuration's to end.
   */
  async revoke(transaction: Transaction, secretDigest: string, note: string): Promise<void> {
    const configured = this.#configuredWith(secretDigest);
    if (configured !== undefined) {
      this.log.warn(
        { resourceServer: configured.name },
        `The secret of a configured resource server still works. Replace it in LATCHKEY_RESOURCE_SERVERS. ${note}`,
      );
    }
    const { manager } = transaction;
    const resourceServer = await manager.findOneBy(ResourceServer, { secretDigest });
    if (resourceServer === null || resourceServer.revokedAt !== null) return;
    const ended = { revokedAt: this.clock.now(), revocationNote: note };
    await manager.update(ResourceServer, { id: resourceServer.id }, ended);
    this.#announceEnd(transaction, resourceServer);
  }

  #configuredWith(digest: string): KnownResourceServer | undefined {
    return this.configured.find(({ secretDigest }) => secretDigest === digest);
  }

  #announceEnd({ afterCommit }: Transaction, { createdById }: ResourceServer): void {
    afterCommit(() => this.events.publish('resourceServerEnded', { accountId: createdById }));
  }
}

async function requireById({ manager }: Transaction, id: string): Promise<ResourceServer> {
  const resourceServer = await manager.findOneBy(ResourceServer, { id });
  if (resourceServer !== null) return resourceServer;
  throw new LatchkeyError(ErrorCode.NOT_FOUND, 'There is no such resource server.');
}

function nameProblem(name: string): string | undefined {
  if (name.length <= NAME_MAX_LENGTH && NAME.test(name)) return undefined;
  return `A name has 1 to ${NAME_MAX_LENGTH} of a–z, 0–9 and single hyphens.`;
}

function nameTaken(): LatchkeyError {
  return new LatchkeyError(ErrorCode.CONFLICT, 'A resource server has this name. Choose another.');
}
