import type { ApolloCache } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { createContext, type ReactNode, use, useEffect, useMemo } from 'react';
import {
  SessionsDocument,
  TokenChangedDocument,
  type TokenFieldsFragment,
  TokensDocument,
  type UsageFieldsFragment,
  UsageRecordedDocument,
} from '../graphql/generated/operations.js';
import { createListeners, type Listeners } from '../transport/state-store.js';
import { useTransport } from '../transport/transport-context.js';

/** Uses as they arrive, gathered once a frame so that a busy token does not paint a thousand times. */
type UsageListeners = Listeners<[readonly UsageFieldsFragment[]]>;

const REFETCH_AFTER_MS = 150;
const UsageContext = createContext<UsageListeners | undefined>(undefined);
type TokenListeners = Listeners<[readonly TokenFieldsFragment[]]>;
const TokensContext = createContext<TokenListeners | undefined>(undefined);

/** Follows tokens and uses for the whole window: one subscription each, whatever page is open. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useApolloClient();
  const transport = useTransport();
  const usage: UsageListeners = useMemo(() => createListeners(), []);
  const tokens: TokenListeners = useMemo(() => createListeners(), []);

  useEffect(() => {
    let arrived: UsageFieldsFragment[] = [];
    let frame = 0;
    const deliver = () => {
      const events = arrived;
      arrived = [];
      frame = 0;
      client.cache.batch({
        update: (cache) => {
          for (const event of events) countUse(cache, event);
        },
      });
      usage.call(events);
    };
    const subscription = client.subscribe({ query: UsageRecordedDocument }).subscribe({
      next({ data }) {
        if (!data) return;
        arrived.push(data.usageEventRecorded);
        // A window in the background gets no frames, and must not pile up events for one.
        if (document.hidden) deliver();
        else frame ||= requestAnimationFrame(deliver);
      },
      error: () => undefined,
    });
    return () => {
      subscription.unsubscribe();
      cancelAnimationFrame(frame);
    };
  }, [client, usage]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refetchSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void client.refetchQueries({ include: [TokensDocument, SessionsDocument] });
      }, REFETCH_AFTER_MS);
    };
    const subscription = client.subscribe({ query: TokenChangedDocument }).subscribe({
      // What changed in a token is in the cache by now; lists have to be asked for again.
      next({ data }) {
        if (data) tokens.call([data.accessTokenChanged.accessToken]);
        refetchSoon();
      },
      error: () => undefined,
    });
    return () => {
      subscription.unsubscribe();
      clearTimeout(timer);
    };
  }, [client, tokens]);

  useEffect(
    () => transport.onConnected(() => void client.refetchQueries({ include: 'active' })),
    [client, transport],
  );

  return (
    <UsageContext value={usage}>
      <TokensContext value={tokens}>{children}</TokensContext>
    </UsageContext>
  );
}

/** Calls `listener` with the uses that arrive; give it a stable function. */
export function useArrivingUses(listener: (events: readonly UsageFieldsFragment[]) => void): void {
  const usage = use(UsageContext);
  useEffect(() => usage?.add(listener), [usage, listener]);
}

/** Calls `listener` with the tokens that change, wherever it was done; give it a stable function. */
export function useTokenChanges(listener: (tokens: readonly TokenFieldsFragment[]) => void): void {
  const tokens = use(TokensContext);
  useEffect(() => tokens?.add(listener), [tokens, listener]);
}

interface CachedDay {
  readonly date: string;
  readonly allowed: number;
  readonly refused: number;
}

/** A use moves its token's figures on, so that every page that shows the token is right without asking again. */
function countUse(cache: ApolloCache, event: UsageFieldsFragment): void {
  const outcome = event.outcome === 'ALLOWED' ? 'allowed' : 'refused';
  const uses = 1 + event.repeatCount;
  cache.modify<Record<string, unknown>>({
    id: `AccessToken:${event.accessTokenId}`,
    fields: {
      lastUsedAt: () => event.repeatedUntil ?? event.occurredAt,
      lastUsedFrom: () => event.ipAddress,
      useCount: (count: unknown) => Number(count) + uses,
      usageByDay: (days: unknown) =>
        (days as readonly CachedDay[]).map((day) =>
          day.date === event.occurredAt.slice(0, 10)
            ? { ...day, [outcome]: day[outcome] + uses }
            : day,
        ),
    },
  });
}
