import { secretKindOf } from '@latchkey/shared';
import { type Clock, DAY_MS } from '../core/clock.js';
import { networkOf } from '../core/network.js';
import { digestOf, newSecret } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import type { Account } from '../database/entities/account.entity.js';
import { KnownClient } from '../database/entities/known-client.entity.js';

/** How long a device or a network stays known after its last sign-in: as long as browsers keep a cookie (RFC 6265bis, section 5.5). */
export const DEVICE_KEY_LIFE_MS = 400 * DAY_MS;

/** From where a sign-in comes. */
export interface SignInOrigin {
  readonly ipAddress: string;
  /** What an earlier sign-in gave this device, where it did. */
  readonly deviceKey: string | undefined;
}

/** What of it the account has signed in with before. */
export interface Recognized {
  /** The device's digest; undefined where the device is not known. */
  readonly device: string | undefined;
  readonly network: boolean;
}

const FIND = 'SELECT digest FROM known_clients WHERE digest IN (?, ?)';

/**
 * The devices and networks that an account has signed in from, as OWASP's "device cookies" describe them: their owner
 * signs in while strangers guess. A device is known by a secret key and by nothing that others may read.
 */
export class KnownClients {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * One statement by two digests, whatever the account has and whether there is one: how long it takes tells nothing.
   * @param username folded.
   */
  async recognize(username: string, { ipAddress, deviceKey }: SignInOrigin): Promise<Recognized> {
    const network = networkDigest(username, ipAddress);
    const device = deviceKey === undefined ? network : deviceDigest(username, deviceKey);
    const found = await this.database.sql.all<Pick<KnownClient, 'digest'>>(FIND, [network, device]);
    const isKnown = (digest: string) => found.some((row) => row.digest === digest);
    return {
      device: deviceKey !== undefined && isKnown(device) ? device : undefined,
      network: isKnown(network),
    };
  }

  /** Remembers from where the account has signed in; @returns the device's key, a new one where it has none. */
  async rememberDevice(
    transaction: Transaction,
    { id, username }: Account,
    deviceKey: string | undefined,
  ): Promise<string> {
    const key = deviceKey ?? newSecret('DEVICE');
    await this.#remember(transaction, id, deviceDigest(username, key));
    return key;
  }

  async rememberNetwork(
    transaction: Transaction,
    { id, username }: Account,
    ipAddress: string,
  ): Promise<void> {
    await this.#remember(transaction, id, networkDigest(username, ipAddress));
  }

  /** Makes strangers of all that an account has signed in from. */
  async forget({ sql }: Transaction, accountId: string): Promise<void> {
    await sql.run('DELETE FROM known_clients WHERE accountId = ?', [accountId]);
  }

  async #remember({ manager }: Transaction, accountId: string, digest: string): Promise<void> {
    const lastSignInAt = this.clock.now();
    await manager.upsert(KnownClient, { digest, accountId, lastSignInAt }, ['digest']);
  }
}

export function isDeviceKey(text: string): boolean {
  return secretKindOf(text) === 'DEVICE';
}

function deviceDigest(username: string, key: string): string {
  return digestOf(`device ${key} ${username}`);
}

function networkDigest(username: string, ipAddress: string): string {
  return digestOf(`network ${networkOf(ipAddress)} ${username}`);
}
