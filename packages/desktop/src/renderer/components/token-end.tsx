import type { TokenFieldsFragment } from '../graphql/generated/operations.js';
import table from './table.module.css';
import { TimeAgo } from './time-ago.js';
import { dayText, exactTime } from './time-text.js';
import styles from './token-end.module.css';

/** When a token stops working, and what ends it; nothing for one that is removed. */
export function TokenEnd({ token }: { token: TokenFieldsFragment }) {
  const { status, kind, expiresAt } = token;
  if (status === 'REMOVED') return null;
  if (kind !== 'SESSION') {
    return expiresAt ? <TimeAgo at={expiresAt} /> : <span className={styles.quiet}>Never</span>;
  }
  const latestMs = Date.parse(expiresAt ?? '');
  if (Number.isNaN(latestMs)) return <span className={styles.quiet}>With its session</span>;
  return (
    <span className={styles.quiet}>
      With its session,{' '}
      <span className={table.second} title={exactTime(latestMs)}>
        at the latest on {dayText(latestMs)}
      </span>
    </span>
  );
}
