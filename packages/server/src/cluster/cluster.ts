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
const STEP_MS = 20;

/** What a server shares with the others on its database. */
export interface Cluster {
  readonly events: Events;
  /** The database's time where several servers go by it. */
  readonly clock: Clock | undefined;
  readonly rateLimiter: MakeRateLimiter;
  /** Whether every change that any server makes is sure to be announced here. */
  cacheIsValid(): boolean;
  /** Calls `listener` when whatever is remembered may be wrong. */
  onForget(listener: () => void): void;
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
    cacheIsValid: () => true,
    onForget: () => undefined,
    leads: () => Promise.resolve(true),
    leave: () => Promise.resolve(),
  };
}

/**
 * One server of those that share a MySQL database. Without Redis nothing is cached, and while there are other servers
 * there are no subscriptions.
 */
export async function joinCluster(
  { sql, onUncertainCommit }: Database,
  { redisUrl }: { readonly redisUrl: string | undefined },
  log: Log,
): Promise<Cluster> {
  const events = new Events();
  const membership = new Members(sql);
  const clusterId = await membership.clusterId();
  const clock = new DatabaseClock(sql);
  const lease = new Lease(sql, 'housekeeping', membership.id, LEASE_MS);
  const listeners: (() => void)[] = [];
  const forget = () => {
    for (const listener of listeners) listener();
  };
  const relay =
    redisUrl === undefined
      ? undefined
      : new Relay(redisUrl, clusterId, membership.id, events, forget, log);
  onUncertainCommit(() => {
    forget();
    relay?.forgetEverywhere();
  });

  const renew = (others: ReadonlySet<string>) => {
    if (relay === undefined) events.setAvailable(others.size === 0);
    else relay.membersAre(others);
  };
  await clock.adjust();
  const others = await membership.join();
  renew(others);
  if (relay !== undefined || others.size > 0) await becomeKnown(relay);

  const background = new Background(log);
  background.every(RENEW_PAUSE_MS, 'membership', async () => renew(await membership.renew()));
  background.every(RENEW_PAUSE_MS, 'clock', () => clock.adjust());

  return {
    events,
    clock,
    rateLimiter:
      relay === undefined ? inMemory : overRedis(relay.channel.client, `latchkey ${clusterId}`),
    cacheIsValid: () => relay?.isHealthy() ?? false,
    onForget: (listener) => listeners.push(listener),
    leads: () => lease.hold(),
    async leave() {
      await background.stop();
      await Promise.allSettled([lease.release(), membership.leave()]);
      relay?.close();
    },
  };
}

/** Nothing is written before the other servers know that there is one more to hear of, or hear it. */
async function becomeKnown(relay: Relay | undefined): Promise<void> {
  for (let waitedMs = 0; waitedMs < KNOWN_AFTER_MS; waitedMs += STEP_MS) {
    if (relay?.isHealthy()) return;
    await setTimeout(STEP_MS);
  }
}
