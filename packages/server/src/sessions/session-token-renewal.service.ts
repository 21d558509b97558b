import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import type { Clock } from '../core/clock.js';
import type { Database } from '../database/database.js';
import { ClientKind, Session } from '../database/entities/session.entity.js';
import type { SessionTokenService } from '../tokens/session-token.service.js';
import type { TokenWithSecret } from '../tokens/token-store.js';
import { isOver } from './session-clock.js';
import type { SessionEndingService } from './session-ending.service.js';
import { sessionOver } from './session-over.js';

/** Gives a desktop's session its token again. */
export class SessionTokenRenewalService {
  constructor(
    private readonly database: Database,
    private readonly endings: SessionEndingService,
    private readonly tokens: SessionTokenService,
    private readonly clock: Clock,
  ) {}

  /**
   * Mints the session's token again, after it was deleted or pruned.
   * @throws LatchkeyError FORBIDDEN unless it is a desktop's session, SESSION_EXPIRED, TOKEN_INACTIVE, RATE_LIMITED
   */
  async renew(session: Session): Promise<TokenWithSecret> {
    if (session.client !== ClientKind.DESKTOP) {
      throw new LatchkeyError(
        ErrorCode.FORBIDDEN,
        'Only the desktop app has a token of its own. Make a personal token instead.',
      );
    }
    return this.tokens.count(session.accountId, () => this.#mint(session));
  }

  async #mint(session: Session): Promise<TokenWithSecret> {
    await this.tokens.prepare();
    return this.database.transaction(async (transaction) => {
      await transaction.lockAccount(session.accountId);
      const current = await transaction.manager.findOneBy(Session, { id: session.id });
      if (current === null || isOver(current, this.clock.now())) throw sessionOver(current);
      await this.endings.endExpiredOf(transaction, session.accountId);
      return this.tokens.ensure(transaction, current);
    });
  }
}
