import { Button } from '@mantine/core';
import type { Integration } from '../../../ipc/integrations.js';
import { CommandLine } from '../../components/command-line.js';
import { Section } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import type { Transport } from '../../transport/transport.js';
import { useSignedIn } from '../../transport/transport-context.js';
import { ChangePreview } from './change-preview.js';
import { CLIENT_LABELS } from './client-labels.js';
import { HostsForm } from './hosts-form.js';
import { IntegrationNotices } from './integration-notices.js';
import { IntegrationStatus } from './integration-status.js';
import styles from './integrations.module.css';
import { useIntegrationChange } from './use-integration-change.js';

interface IntegrationPanelProps {
  readonly integration: Integration;
  readonly actions: NonNullable<Transport['integrations']>;
  readonly onChanged: (integration: Integration) => void;
}

/** docker's or git's part: what is on, the change before it is made, and how to take it back. */
export function IntegrationPanel({ integration, actions, onChanged }: IntegrationPanelProps) {
  const { kind, status, hosts, problem } = integration;
  const { account } = useSignedIn();
  const words = CLIENT_LABELS[kind];
  const { preview, task, show, apply, cancel } = useIntegrationChange(kind, actions, onChanged);
  const isBadHost = task.problem?.code === 'ADDRESS_INVALID';

  return (
    <Section title={words.client} aside={<IntegrationStatus status={status} />}>
      <p className={styles.text}>{words.what}</p>
      <IntegrationNotices integration={integration} />
      {task.problem && !isBadHost && (
        <ProblemNotice title="Nothing was changed." problem={task.problem} />
      )}
      {preview && (
        <ChangePreview
          preview={preview}
          pending={task.pending}
          onConfirm={() => void apply(preview)}
          onCancel={cancel}
        />
      )}
      {!preview && !problem && (
        <HostsForm
          key={hosts.join()}
          kind={kind}
          hosts={hosts}
          pending={task.pending}
          error={isBadHost ? task.problem?.message : undefined}
          onSubmit={(wanted) => void show(wanted)}
        >
          {status !== 'OFF' && (
            <Button variant="subtle" color="gray" onClick={() => void show([])}>
              Turn off
            </Button>
          )}
        </HostsForm>
      )}
      {!preview && status === 'ON' && hosts[0] !== undefined && (
        <CommandLine name={words.client} command={words.command(hosts[0], account.username)} />
      )}
    </Section>
  );
}
