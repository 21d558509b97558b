import { SegmentedControl } from '@mantine/core';
import { useSearchParams } from 'wouter';
import { Page } from '../../components/page.js';
import type { UseOutcome } from '../../graphql/generated/operations.js';
import { useTransportState } from '../../transport/transport-context.js';
import styles from './activity.module.css';
import { TokenSelect } from './token-select.js';
import { UsageFeed } from './usage-feed.js';

const OUTCOMES = [
  { value: '', label: 'All' },
  { value: 'ALLOWED', label: 'Allowed' },
  { value: 'REFUSED', label: 'Refused' },
];

/** Every use of every token, as it happens. What is filtered stands in the address. */
export function ActivityScreen() {
  const [address, setAddress] = useSearchParams();
  const accessTokenId = address.get('token');
  const outcome = readOutcome(address.get('outcome'));
  const show = (name: 'token' | 'outcome', value: string | null) =>
    setAddress(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: true },
    );

  return (
    <Page title="Activity" aside={<LiveSign />}>
      <search className={styles.toolbar}>
        <TokenSelect value={accessTokenId} onChange={(id) => show('token', id)} />
        <SegmentedControl
          size="sm"
          aria-label="Outcome"
          data={OUTCOMES}
          value={outcome ?? ''}
          onChange={(value) => show('outcome', value)}
        />
      </search>
      <UsageFeed
        key={`${accessTokenId} ${outcome}`}
        accessTokenId={accessTokenId}
        outcome={outcome}
        withToken
      />
    </Page>
  );
}

function LiveSign() {
  const { connection } = useTransportState();
  const live = connection.status === 'ONLINE';
  return (
    <span className={styles.live} data-live={live || undefined}>
      {live ? 'Live' : 'Not live: there is no connection'}
    </span>
  );
}

function readOutcome(text: string | null): UseOutcome | null {
  return text === 'ALLOWED' || text === 'REFUSED' ? text : null;
}
