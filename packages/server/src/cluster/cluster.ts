import { setTimeout } from 'node:timers/promises';
import { Background } from '../core/background.js';
import { type Clock, SECOND_MS } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Database } from '../database/database.js';
import { Events } from '../pubsub/events.js';
import { DatabaseClock } from './database-time.js';
import { Lease } from './lease.js';
import { Members } from './members.js';
import { inMemory, type MakeRateLimiter, overRedis } from './rate-limiter.js';
import { Relay } from './relay.js';

const RENEW_PAUSE_MS = SECOND_MS / 2;
const LEASE_MS = 5 * SECOND_MS;
/** By then every other server has read the list of members, and knows of this one. */
const KNOWN_AFTER_MS = 2 * RENEW_PAUSE_MS;
/** A revocation counts everywhere within a second, whether it could be announced or not; this is half of it. */
const CACHE_VALID_MS = SECOND_MS / 2;

/** What a server shares with the others on its database. */
export interface Cluster {
  readonly events: Events;
  /** The database's time where several servers go by it. */
  readonly clock: Clock | undefined;
  readonly rateLimiter: MakeRateLimiter;
  /**
   * For how long what was read may be gone by, in milliseconds: another server's change may not be announced here. Undefined
   * where there is no other server.
   */
  readonly cacheValidMs: number | undefined;
  /** Whether housekeeping is this server's task now. */
  leads(): Promise<boolean>;
  leave(): Promise<void>;
}

/** The only server there is: SQLite's. */
export function alone(): Cluster {
  return {
    events: new Events(),
    clock: undefined,
    rateLimiter: inMemory,
    cacheValidMs: undefined,
    leads: () => Promise.resolve(true),
    leave: () => Promise.resolve(),
  };
}

/**
 * One server of those that share a MySQL database. Over Redis they tell each other what changed; without it, another
 * server's change counts once the validity of what was read is over, and while there are other servers there are no
 * subscriptions.
 */
export async function joinCluster(
  { sql }: Database,
  { redisUrl }: { readonly redisUrl: string | undefined },
  log: Log,
): Promise<Cluster> {
  const events = new Events();
  const membership = new Members(sql);
  const clusterId = await membership.clusterId();
  const clock = new DatabaseClock(sql);
  const lease = new Lease(sql, 'housekeeping', membership.id, LEASE_MS);
  const relay =
    redisUrl === undefined ? undefined : new Relay(redisUrl, clusterId, membership.id, events, log);

  const renew = (others: ReadonlySet<string>) => {
    if (relay === undefined) events.setAvailable(others.size === 0);
  };
  await clock.adjust();
  const others = await membership.join();
  renew(others);
  // Nothing is written before the other servers know that there is one more, whose changes their subscribers would miss.
  if (relay === undefined && others.size > 0) await setTimeout(KNOWN_AFTER_MS);

  const background = new Background(log);
  background.every(RENEW_PAUSE_MS, 'membership', async () => renew(await membership.renew()));
  background.every(RENEW_PAUSE_MS, 'clock', () => clock.adjust());

  return {
    events,
    clock,
    rateLimiter:
      relay === undefined ? inMemory : overRedis(relay.channel.client, `latchkey ${clusterId}`),
    cacheValidMs: CACHE_VALID_MS,
    leads: () => lease.hold(),
    async leave() {
      await background.stop();
      await Promise.allSettled([lease.release(), membership.leave()]);
      relay?.close();
    },
  };
}
