import type { RemovedAccessToken } from '../transport/transport.js';
import { REMOVAL_TEXTS } from './labels.js';
import styles from './removed-token-list.module.css';

/** Which tokens are gone, from which device, and why. */
export function RemovedTokenList({ tokens }: { tokens: readonly RemovedAccessToken[] }) {
  return (
    <ul className={styles.list}>
      {tokens.map((token) => (
        <li key={token.id}>
          <strong>{token.deviceName ?? token.description}</strong>{' '}
          <code className={styles.hint}>{token.hint}</code>
          <br />
          {token.removalNote ?? reasonWord(token.removalReason)}
        </li>
      ))}
    </ul>
  );
}

function reasonWord(reason: string | null): string {
  return Object.entries(REMOVAL_TEXTS).find(([name]) => name === reason)?.[1] ?? '';
}
