import { timeOf } from '../ids.js';
import { type UsageEvent, UseOutcome } from './usage-event.entity.js';

/** What a use leaves behind in the index and in the counters. */
export type TalliedEvent = Pick<
  UsageEvent,
  'id' | 'accessTokenId' | 'accountId' | 'occurredAt' | 'outcome' | 'ipAddress'
>;

/** Identifiers an entry at most: a page of uses is to be found in one or two. */
const EVENTS_AN_ENTRY = 100;

/** The uses of one token or account. */
type OwnersEvents = Readonly<Record<UseOutcome, string[]>>;

interface TokenUse {
  count: number;
  /** The newest. */
  last: TalliedEvent;
}

/** Inserts an entry of the index; its values are one of a tally's `entries`. */
export const INSERT_ENTRY = `INSERT INTO usage_index (ownerId, outcome, eventId, eventCount, earlierIds)
  VALUES (?, ?, ?, ?, ?)`;

type EntryRow = readonly [string, UseOutcome, string, number, string | null];

/** A token's identifier, how often it was used, and when and from where the last time. */
type CountRow = readonly [string, number, number, string | null];

/** Uses that are to be entered in the index and in the counters, gathered by owner, in whatever order they come. */
export class UsageTally {
  readonly #owners = new Map<string, OwnersEvents>();
  readonly #tokens = new Map<string, TokenUse>();

  /** @param periodMs no entry goes from one period of this length, counted from 1970 in UTC, into the next. */
  constructor(private readonly periodMs: number) {}

  /** How many rows it comes to, at least. */
  get size(): number {
    return this.#owners.size + this.#tokens.size;
  }

  add(event: TalliedEvent): void {
    this.addForToken(event);
    this.addForAccount(event);
  }

  addForToken(event: TalliedEvent): void {
    this.#enter(event.accessTokenId, event);
    this.#count(event);
  }

  addForAccount(event: TalliedEvent): void {
    this.#enter(event.accountId, event);
  }

  /** In the order of the index's key, so that each of its pages is written once. */
  *entries(): Generator<EntryRow> {
    for (const ownerId of [...this.#owners.keys()].sort()) {
      const events = this.#owners.get(ownerId) as OwnersEvents;
      for (const outcome of Object.values(UseOutcome)) {
        for (const ids of groups(events[outcome].sort(), this.periodMs)) {
          const newest = ids.at(-1) as string;
          const earlier = ids.length > 1 ? ids.slice(0, -1).join() : null;
          yield [ownerId, outcome, newest, ids.length, earlier];
        }
      }
    }
  }

  /** In the order of the tokens' key. */
  counts(): CountRow[] {
    return [...this.#tokens.keys()].sort().map((id) => {
      const { count, last } = this.#tokens.get(id) as TokenUse;
      return [id, count, last.occurredAt, last.ipAddress];
    });
  }

  #enter(ownerId: string, { outcome, id }: TalliedEvent): void {
    let events = this.#owners.get(ownerId);
    if (events === undefined) {
      events = { ALLOWED: [], REFUSED: [] };
      this.#owners.set(ownerId, events);
    }
    events[outcome].push(id);
  }

  #count(event: TalliedEvent): void {
    const use = this.#tokens.get(event.accessTokenId);
    if (use === undefined) {
      this.#tokens.set(event.accessTokenId, { count: 1, last: event });
      return;
    }
    use.count++;
    if (event.id > use.last.id) use.last = event;
  }
}

/** Cuts the sorted identifiers of one owner's events where an entry is full, and where a period ends. */
function* groups(ids: readonly string[], periodMs: number): Generator<readonly string[]> {
  const periodOf = (id: string) => Math.floor(timeOf(id) / periodMs);
  let start = 0;
  while (start < ids.length) {
    let end = Math.min(start + EVENTS_AN_ENTRY, ids.length);
    const period = periodOf(ids[start] as string);
    if (periodOf(ids[end - 1] as string) !== period) {
      end = start + 1;
      while (periodOf(ids[end] as string) === period) end++;
    }
    yield ids.slice(start, end);
    start = end;
  }
}
