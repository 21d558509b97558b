import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useState } from 'react';
import { type Task, useTask } from '../../components/use-task.js';
import {
  UsageDocument,
  type UsageEventFilter,
  type UsageFieldsFragment,
  type UseOutcome,
} from '../../graphql/generated/operations.js';
import { useArrivingUses } from '../../shell/live-updates.js';
import { useTransport } from '../../transport/transport-context.js';

const PAGE_LENGTH = 50;
/** What is kept on the page; older ones are a click away again. */
const KEPT_AT_MOST = 500;

export interface UsageFeedState {
  /** Newest first; undefined until the first answer. */
  readonly events: readonly UsageFieldsFragment[] | undefined;
  /** Those that arrived while the page was open. */
  readonly arrived: ReadonlySet<string>;
  readonly loading: Task;
  readonly loadOlder: (() => void) | undefined;
  readonly reload: () => void;
}

/** The uses that are recorded, and those that arrive, in one list. */
export function useUsageFeed(
  accessTokenId: string | null,
  outcome: UseOutcome | null,
): UsageFeedState {
  const client = useApolloClient();
  const transport = useTransport();
  const loading = useTask();
  const [events, setEvents] = useState<readonly UsageFieldsFragment[]>();
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  const [older, setOlder] = useState<string | null>(null);
  const { run } = loading;

  const load = useCallback(
    (after: string | null) =>
      run(async () => {
        const filter: UsageEventFilter = {
          ...(accessTokenId && { accessTokenId }),
          ...(outcome && { outcome }),
        };
        const { data } = await client.query({
          query: UsageDocument,
          variables: { filter, first: PAGE_LENGTH, after },
          fetchPolicy: 'no-cache',
        });
        const page = data?.usageEvents.edges.map(({ node }) => node) ?? [];
        setEvents((before) =>
          merged(after ? [...(before ?? []), ...page] : [...page, ...(before ?? [])]),
        );
        if (after || !data?.usageEvents.pageInfo.hasNextPage) setOlder(null);
        if (data?.usageEvents.pageInfo.hasNextPage) setOlder(data.usageEvents.pageInfo.endCursor);
      }),
    [client, run, accessTokenId, outcome],
  );

  useEffect(() => void load(null), [load]);
  // What happened before the line stood is asked for.
  useEffect(() => transport.onConnected(() => void load(null)), [transport, load]);

  useArrivingUses(
    useCallback(
      (arriving) => {
        const fitting = arriving.filter(
          (event) =>
            (!accessTokenId || event.accessTokenId === accessTokenId) &&
            (!outcome || event.outcome === outcome),
        );
        if (fitting.length === 0) return;
        setArrived((before) => new Set([...before, ...fitting.map(({ id }) => id)]));
        setEvents((before) => merged([...fitting, ...(before ?? [])]).slice(0, KEPT_AT_MOST));
      },
      [accessTokenId, outcome],
    ),
  );

  return {
    events,
    arrived,
    loading,
    loadOlder: older ? () => void load(older) : undefined,
    reload: () => void load(null),
  };
}

/** Each event once, newest first as the server lists them: its identifiers are in the order of time. */
function merged(events: readonly UsageFieldsFragment[]): UsageFieldsFragment[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
