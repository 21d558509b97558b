import { dayOf } from '../ids.js';
import { type UsageEvent, UseOutcome } from './usage-event.entity.js';

/** What a use leaves behind in the index and in the counters. */
export type TalliedEvent = Pick<
  UsageEvent,
  'id' | 'accessTokenId' | 'accountId' | 'occurredAt' | 'outcome' | 'ipAddress'
>;

/** Identifiers an entry at most: a page of uses is to be found in one or two. */
const EVENTS_AN_ENTRY = 100;

/** The uses of one token or account, oldest first. */
type OwnersEvents = Readonly<Record<UseOutcome, string[]>>;

interface TokenUse {
  count: number;
  /** The newest. */
  last: TalliedEvent;
}

/** `ownerId`, `outcome`, `eventId`, `eventCount` and `earlierIds` of a `UsageIndexEntry`. */
export type EntryRow = readonly [string, UseOutcome, string, number, string | null];

/** Uses of the owners whose identifiers end in one character. */
export class TallyShard {
  readonly #owners = new Map<string, OwnersEvents>();
  readonly tokens = new Map<string, TokenUse>();

  /** How many rows it comes to, at least. */
  get size(): number {
    return this.#owners.size + this.tokens.size;
  }

  note(ownerId: string, { outcome, id }: TalliedEvent): void {
    let events = this.#owners.get(ownerId);
    if (events === undefined) {
      events = { ALLOWED: [], REFUSED: [] };
      this.#owners.set(ownerId, events);
    }
    events[outcome].push(id);
  }

  count(event: TalliedEvent): void {
    const use = this.tokens.get(event.accessTokenId);
    if (use === undefined) {
      this.tokens.set(event.accessTokenId, { count: 1, last: event });
      return;
    }
    use.count++;
    use.last = event;
  }

  /** In the order of the index's key, so that each of its pages is written once. */
  entries(): EntryRow[] {
    const rows: EntryRow[] = [];
    for (const ownerId of [...this.#owners.keys()].sort()) {
      const events = this.#owners.get(ownerId) as OwnersEvents;
      for (const outcome of Object.values(UseOutcome)) {
        for (const ids of groups(events[outcome])) {
          const newest = ids.at(-1) as string;
          const earlier = ids.length > 1 ? ids.slice(0, -1).join() : null;
          rows.push([ownerId, outcome, newest, ids.length, earlier]);
        }
      }
    }
    return rows;
  }
}

/** Uses that are to be entered in the index and in the counters, gathered by owner. */
export class UsageTally {
  readonly shards = new Map<string, TallyShard>();
  eventCount = 0;
  /** Of the newest event. */
  lastId = '';

  /** @param isOwed whether an owner's part of the event is still to be done */
  add(event: TalliedEvent, isOwed: (shard: string) => boolean = () => true): void {
    const { accessTokenId, accountId } = event;
    const ofToken = shardOf(accessTokenId);
    if (isOwed(ofToken)) {
      this.#shard(ofToken).note(accessTokenId, event);
      this.#shard(ofToken).count(event);
    }
    const ofAccount = shardOf(accountId);
    if (isOwed(ofAccount)) this.#shard(ofAccount).note(accountId, event);
    this.eventCount++;
    this.lastId = event.id;
  }

  #shard(name: string): TallyShard {
    let shard = this.shards.get(name);
    if (shard === undefined) {
      shard = new TallyShard();
      this.shards.set(name, shard);
    }
    return shard;
  }
}

function shardOf(ownerId: string): string {
  return ownerId.charAt(ownerId.length - 1);
}

/** Cuts the identifiers of one owner's events where an entry is full, and where a day ends. */
function* groups(ids: readonly string[]): Generator<readonly string[]> {
  let start = 0;
  while (start < ids.length) {
    let end = Math.min(start + EVENTS_AN_ENTRY, ids.length);
    const day = dayOf(ids[start] as string);
    if (dayOf(ids[end - 1] as string) !== day) {
      end = ids.findIndex((id, index) => index > start && dayOf(id) !== day);
    }
    yield ids.slice(start, end);
    start = end;
  }
}
