import type { Events, Topics } from '../pubsub/events.js';
import type { UsageService } from '../usage/usage.service.js';

/** The account that a request acts for, and the one token it is limited to where it was made with a token. */
export interface Reach {
  readonly accountId: string;
  readonly onlyTokenId: string | undefined;
}

/** The live streams behind the subscriptions, cut to what a credential reaches. */
export class Feeds {
  constructor(
    private readonly events: Events,
    private readonly usage: UsageService,
  ) {}

  /**
   * Uses as they are recorded.
   * @throws LatchkeyError NOT_FOUND where the token is not in reach
   */
  async uses(
    { accountId, onlyTokenId }: Reach,
    accessTokenId: string | undefined,
  ): Promise<AsyncIterable<Topics['usageRecorded']>> {
    if (accessTokenId !== undefined) {
      await this.usage.requireOwnToken(accountId, accessTokenId, onlyTokenId);
    }
    const wanted = accessTokenId ?? onlyTokenId;
    return this.events.subscribe(
      'usageRecorded',
      accountId,
      (event) => wanted === undefined || event.accessTokenId === wanted,
    );
  }

  tokenChanges(accountId: string): AsyncIterable<Topics['accessTokenChanged']> {
    return this.events.subscribe('accessTokenChanged', accountId);
  }

  sessionEndings(accountId: string): AsyncIterable<Topics['sessionEnded']> {
    return this.events.subscribe('sessionEnded', accountId);
  }
}
