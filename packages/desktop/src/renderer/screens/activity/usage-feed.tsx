import { Button } from '@mantine/core';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { memo } from 'react';
import { EmptyState } from '../../components/empty-state.js';
import { ENDPOINT_LABELS } from '../../components/labels.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import badge from '../../components/status-badge.module.css';
import table from '../../components/table.module.css';
import { TimeAgo } from '../../components/time-ago.js';
import { clockTime, exactTime } from '../../components/time-text.js';
import { programOf } from '../../components/user-agent.js';
import { SkeletonRows } from '../../components/waiting.js';
import type { UsageFieldsFragment, UseOutcome } from '../../graphql/generated/operations.js';
import styles from './activity.module.css';
import { TokenName } from './token-name.js';
import { useUsageFeed } from './use-usage-feed.js';

interface UsageFeedProps {
  readonly accessTokenId: string | null;
  readonly outcome: UseOutcome | null;
  /** With a column that names each use's token. */
  readonly withToken?: boolean;
}

export function UsageFeed({ accessTokenId, outcome, withToken = false }: UsageFeedProps) {
  const { events, arrived, loading, loadOlder, reload } = useUsageFeed(accessTokenId, outcome);
  return (
    <>
      {loading.problem && (
        <ProblemNotice
          title="The uses could not be loaded."
          problem={loading.problem}
          onRetry={reload}
        />
      )}
      {!events && !loading.problem && <SkeletonRows label="The uses are loading" />}
      {events?.length === 0 && (
        <NoUses
          ofAll={withToken}
          filtered={outcome !== null || (withToken && accessTokenId !== null)}
        />
      )}
      {events && events.length > 0 && (
        <table className={`${table.table} ${styles.uses}`}>
          <thead>
            <tr>
              <th className={styles.when}>When</th>
              <th className={styles.result}>Outcome</th>
              {withToken && <th>Token</th>}
              <th>What</th>
              <th className={styles.from}>By</th>
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <UsageRow
                key={event.id}
                event={event}
                withToken={withToken}
                arrived={arrived.has(event.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {loadOlder && (
        <Button
          className={styles.more ?? ''}
          size="compact-sm"
          variant="default"
          loading={loading.pending}
          onClick={loadOlder}
        >
          Show older uses
        </Button>
      )}
    </>
  );
}

interface UsageRowProps {
  readonly event: UsageFieldsFragment;
  readonly withToken: boolean;
  readonly arrived: boolean;
}

const UsageRow = memo(function UsageRow({ event, withToken, arrived }: UsageRowProps) {
  return (
    <tr className={arrived ? table.arrived : undefined}>
      <td className={table.nowrap}>
        <TimeAgo at={event.occurredAt} />
      </td>
      <td>
        <Outcome outcome={event.outcome} />
      </td>
      {withToken && (
        <td>
          <TokenName id={event.accessTokenId} />
        </td>
      )}
      <td>
        <span className={`${styles.what} ${styles.resource}`} title={event.resource ?? undefined}>
          {[event.action, event.resource].filter(Boolean).join(' ') || 'Checked the token'}
        </span>
        <span className={table.second}>{event.reason ?? ENDPOINT_LABELS[event.endpoint]}</span>
        <Repeats count={event.repeatCount} until={event.repeatedUntil} />
      </td>
      <td title={event.userAgent ?? undefined}>
        {programOf(event.userAgent) ?? 'An unnamed program'}
        <span className={table.clipped} title={event.ipAddress ?? undefined}>
          {event.ipAddress ?? 'from an unknown address'}
        </span>
      </td>
    </tr>
  );
});

/** Refusals that came so fast that the server only counted them. */
function Repeats({ count, until }: { count: number; until: string | null | undefined }) {
  if (!count || !until) return null;
  const untilMs = Date.parse(until);
  return (
    <span className={table.second}>
      and {count.toLocaleString('en')} more like it until{' '}
      <time dateTime={until} title={exactTime(untilMs)}>
        {clockTime(untilMs)}
      </time>
    </span>
  );
}

function Outcome({ outcome }: { outcome: UseOutcome }) {
  const allowed = outcome === 'ALLOWED';
  return (
    <span className={`${badge.badge} ${allowed ? badge.good : badge.bad}`}>
      {allowed ? <IconCheck size={14} aria-hidden /> : <IconBan size={14} aria-hidden />}
      {allowed ? 'Allowed' : 'Refused'}
    </span>
  );
}

function NoUses({ filtered, ofAll }: { filtered: boolean; ofAll: boolean }) {
  if (filtered) {
    return (
      <EmptyState title="No use matches.">Uses that match appear here as they happen.</EmptyState>
    );
  }
  if (!ofAll) {
    return (
      <EmptyState title="This token was never used.">
        Each use appears here as it happens, refused ones too.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing was used yet.">
      Sign in to a registry or a git server with a token: each use appears here at once.
    </EmptyState>
  );
}
