import type { UsageEvent } from '../database/entities/usage-event.js';
import { UsageTally } from './usage-tally.js';

/** A tally for each shard of tokens: those whose identifiers end in the same character. */
export class ShardedUsageTally {
  readonly shards = new Map<string, UsageTally>();
  eventCount = 0;
  /** Of the newest event. */
  lastId = '';

  /** @param isOwed whether a shard's events are still to be done */
  add(event: UsageEvent, isOwed: (shard: string) => boolean = () => true): void {
    const name = event.accessTokenId.charAt(event.accessTokenId.length - 1);
    if (isOwed(name)) this.#shard(name).add(event);
    this.eventCount++;
    this.lastId = event.id;
  }

  #shard(name: string): UsageTally {
    let shard = this.shards.get(name);
    if (shard === undefined) {
      shard = new UsageTally();
      this.shards.set(name, shard);
    }
    return shard;
  }
}
