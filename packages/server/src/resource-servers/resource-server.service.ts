import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import type { Account } from '../accounts/account.entity.js';
import { requireAdministrator } from '../accounts/administrator.js';
import type { Clock } from '../clock.js';
import { digestOf, newSecret } from '../crypto/secret.js';
import type { Database } from '../database/database.js';
import type { MakeId } from '../ids.js';
import { requireValid } from '../validation.js';
import { ResourceServer } from './resource-server.entity.js';

/** A resource server as far as its requests go. */
export type KnownResourceServer = Pick<ResourceServer, 'name' | 'secretDigest'>;

const LISTED = 1000;
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const NAME_MAX_LENGTH = 39;

/** Resource servers, registered by an administrator or by the configuration. */
export class ResourceServerService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly makeId: MakeId,
    private readonly configured: readonly KnownResourceServer[],
  ) {}

  /**
   * The resource server whose secret this is.
   * @param name what it calls itself, where it does; another's name does not fit the secret.
   */
  async authenticate(secret: string, name?: string): Promise<KnownResourceServer | undefined> {
    const digest = digestOf(secret);
    const found =
      this.configured.find(({ secretDigest }) => secretDigest === digest) ??
      (await this.database.sql.get<KnownResourceServer>(
        'SELECT name, secretDigest FROM resource_servers WHERE secretDigest = ?',
        [digest],
      ));
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
    };
    await this.database.transaction(async ({ manager }) => {
      const taken = await manager.existsBy(ResourceServer, { name });
      if (taken || this.configured.some((other) => other.name === name)) throw nameTaken();
      await manager.insert(ResourceServer, resourceServer);
    });
    return { resourceServer, secret };
  }

  /**
   * Forgets one: its secret no longer asks anything.
   * @throws LatchkeyError FORBIDDEN unless an administrator asks, NOT_FOUND
   */
  async delete(account: Account, id: string): Promise<void> {
    requireAdministrator(account);
    const { affected } = await this.database.transaction(({ manager }) =>
      manager.delete(ResourceServer, { id }),
    );
    if (affected === 0) {
      throw new LatchkeyError(ErrorCode.NOT_FOUND, 'There is no such resource server.');
    }
  }
}

function nameProblem(name: string): string | undefined {
  if (name.length <= NAME_MAX_LENGTH && NAME.test(name)) return undefined;
  return `A name has 1 to ${NAME_MAX_LENGTH} of a–z, 0–9 and single hyphens.`;
}

function nameTaken(): LatchkeyError {
  return new LatchkeyError(ErrorCode.CONFLICT, 'A resource server has this name. Choose another.');
}
