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
import { type UsageList, withArrived, withNewest, withOlder } from './usage-list.js';

const PAGE_LENGTH = 50;

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
  const [list, setList] = useState<UsageList>();
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
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
        if (!data) return;
        const { edges, pageInfo } = data.usageEvents;
        const page = { events: edges.map(({ node }) => node), hasOlder: pageInfo.hasNextPage };
        setList((before) => (after ? withOlder(before, after, page) : withNewest(before, page)));
      }),
    [client, run, accessTokenId, outcome],
  );

  useEffect(() => void load(null), [load]);
  // What happened before the connection was open is asked for.
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
        setList((before) => withArrived(before, fitting));
      },
      [accessTokenId, outcome],
    ),
  );

  const last = list?.events.at(-1);
  return {
    events: list?.events,
    arrived,
    loading,
    loadOlder: list?.hasOlder && last ? () => void load(last.id) : undefined,
    reload: () => void load(null),
  };
}
