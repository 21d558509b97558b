import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { IntegrationKind } from '../../../ipc/integrations.js';
import { CLIENT_LABELS } from './client-labels.js';
import styles from './integrations.module.css';

interface HostsFormProps {
  readonly kind: IntegrationKind;
  readonly hosts: readonly string[];
  readonly pending: boolean;
  readonly error: string | undefined;
  readonly onSubmit: (hosts: readonly string[]) => void;
  /** Beside the button. */
  readonly children?: ReactNode;
}

/** Which hosts; leads to the change, and changes nothing itself. */
export function HostsForm({ kind, hosts, pending, error, onSubmit, children }: HostsFormProps) {
  const words = CLIENT_LABELS[kind];
  const [typed, setTyped] = useState(hosts.join(', '));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(typed.split(/[\s,]+/).filter((host) => host !== ''));
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={words.hostsLabel}
        description={words.hostsHint}
        placeholder={words.example}
        required
        spellCheck={false}
        value={typed}
        error={error}
        onChange={(event) => setTyped(event.currentTarget.value)}
        // Beside the field alone: its hint and its error have the whole width.
        inputContainer={(field) => (
          <div className={styles.field}>
            <div className={styles.hosts}>{field}</div>
            <div className={styles.actions}>
              <Button type="submit" variant="default" loading={pending}>
                Show the change
              </Button>
              {children}
            </div>
          </div>
        )}
      />
    </form>
  );
}
