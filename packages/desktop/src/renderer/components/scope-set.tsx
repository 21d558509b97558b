import type { Scope } from '../graphql/generated/operations.js';
import { SCOPES, scopesText } from './labels.js';
import styles from './scope-set.module.css';
import unseen from './unseen.module.css';

/** Three places, one a scope: those that are granted stand out, so that a column of them compares at a glance. */
export function ScopeSet({ scopes }: { scopes: readonly Scope[] }) {
  const words = scopesText(scopes);
  return (
    <span className={styles.set} title={words}>
      {SCOPES.map(({ scope, word }) => (
        <span
          key={scope}
          className={styles.place}
          data-granted={scopes.includes(scope) || undefined}
          aria-hidden
        >
          {word}
        </span>
      ))}
      <span className={unseen.unseen}>{words}</span>
    </span>
  );
}
