import { DAY_MS } from '../clock.js';
import { type TalliedEvent, UsageTally } from './usage-tally.js';

/** A tally for each shard of owners: those whose identifiers end in the same character. */
export class ShardedUsageTally {
  readonly shards = new Map<string, UsageTally>();
  eventCount = 0;
  /** Of the newest event. */
  lastId = '';

  /** @param isOwed whether an owner's part of the event is still to be done */
  add(event: TalliedEvent, isOwed: (shard: string) => boolean = () => true): void {
    const { accessTokenId, accountId } = event;
    const ofToken = shardOf(accessTokenId);
    if (isOwed(ofToken)) this.#shard(ofToken).addForToken(event);
    const ofAccount = shardOf(accountId);
    if (isOwed(ofAccount)) this.#shard(ofAccount).addForAccount(event);
    this.eventCount++;
    this.lastId = event.id;
  }

  #shard(name: string): UsageTally {
    let shard = this.shards.get(name);
    if (shard === undefined) {
      shard = new UsageTally(DAY_MS);
      this.shards.set(name, shard);
    }
    return shard;
  }
}

function shardOf(ownerId: string): string {
  return ownerId.charAt(ownerId.length - 1);
}
