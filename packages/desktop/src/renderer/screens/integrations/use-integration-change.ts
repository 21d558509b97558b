import { useState } from 'react';
import type {
  Integration,
  IntegrationKind,
  IntegrationPreview,
} from '../../../ipc/integrations.js';
import { notifyDone } from '../../components/notify.js';
import { must, type Task, useTask } from '../../components/use-task.js';
import type { Transport } from '../../transport/transport.js';
import { CLIENT_LABELS } from './client-labels.js';

interface IntegrationChanging {
  /** The change that is shown and not made yet. */
  readonly preview: IntegrationPreview | undefined;
  readonly task: Task;
  /** Shows what turning it on for `hosts`, or off where there are none, would change. */
  readonly show: (hosts: readonly string[]) => Promise<void>;
  /** Makes the change that was shown. */
  readonly apply: (preview: IntegrationPreview) => Promise<void>;
  readonly cancel: () => void;
}

/** A change to docker's or git's configuration: shown first, made when it was agreed to. */
export function useIntegrationChange(
  kind: IntegrationKind,
  actions: NonNullable<Transport['integrations']>,
  onChanged: (integration: Integration) => void,
): IntegrationChanging {
  const task = useTask();
  const [preview, setPreview] = useState<IntegrationPreview>();
  const { client } = CLIENT_LABELS[kind];
  return {
    preview,
    task,
    show: (hosts) =>
      task.run(async () => {
        setPreview(must(await actions.preview({ kind, hosts })).value);
      }),
    apply: ({ hosts, basis }) =>
      task.run(async () => {
        const isOn = hosts.length > 0;
        const outcome = isOn
          ? await actions.install({ kind, hosts, basis })
          : await actions.remove(kind, basis);
        onChanged(must(outcome).value);
        setPreview(undefined);
        notifyDone(isOn ? `${client} now asks Latchkey.` : `${client} no longer asks Latchkey.`);
      }),
    cancel() {
      task.clear();
      setPreview(undefined);
    },
  };
}
