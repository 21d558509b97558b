import type { Scope } from '@latchkey/shared';
import { Checkbox } from '@mantine/core';
import { SCOPES } from '../../components/labels.js';
import styles from './new-token.module.css';

interface ScopeInputProps {
  readonly value: readonly Scope[];
  readonly onChange: (scopes: readonly Scope[]) => void;
  /** What the account itself may do now; unknown while it is asked for. */
  readonly permissions: readonly Scope[] | undefined;
  readonly error: string | undefined;
}

export function ScopeInput({ value, onChange, permissions, error }: ScopeInputProps) {
  return (
    <Checkbox.Group
      label="Scopes"
      description="What the token may do. Fewer is safer."
      required
      value={[...value]}
      error={error ?? (value.length === 0 && 'Choose at least one.')}
      onChange={(scopes) =>
        onChange(SCOPES.flatMap(({ scope }) => (scopes.includes(scope) ? [scope] : [])))
      }
    >
      <div className={styles.scopes}>
        {SCOPES.map(({ scope, word, allows }) => (
          <Checkbox
            key={scope}
            value={scope}
            size="xs"
            label={word}
            description={
              permissions && !permissions.includes(scope)
                ? `${allows} Your account may not do this now; the token gains it when your account does.`
                : allows
            }
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
