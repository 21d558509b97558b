import { useCallback, useEffect, useState } from 'react';
import type { Integration, Integrations } from '../../../ipc/integrations.js';
import { Notice } from '../../components/notice.js';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { useTask } from '../../components/use-task.js';
import { SkeletonRows } from '../../components/waiting.js';
import { useTransport } from '../../transport/transport-context.js';
import { IntegrationPanel } from './integration-panel.js';
import styles from './integrations.module.css';

/** docker and git ask the app for the session's token, and keep none on the disk. */
export default function IntegrationsScreen() {
  const { integrations: actions } = useTransport();
  const [integrations, setIntegrations] = useState<Integrations>();
  const { run, problem } = useTask();
  const load = useCallback(
    () => void run(async () => setIntegrations(await actions?.list())),
    [run, actions],
  );
  useEffect(load, [load]);
  const replace = (changed: Integration) => {
    const name = changed.kind === 'DOCKER' ? 'docker' : 'git';
    setIntegrations((current) => current && { ...current, [name]: changed });
  };

  return (
    <Page title="Integrations" narrow>
      <p className={styles.text}>
        While you are signed in, docker and git on this machine get the session’s token from this
        app. Neither writes it to the disk, and signing out ends it for them too.
      </p>
      {problem && (
        <ProblemNotice
          title="The integrations could not be looked at."
          problem={problem}
          onRetry={load}
        />
      )}
      {!integrations && !problem && <SkeletonRows label="The integrations are loading" count={5} />}
      {integrations && !integrations.isAnswering && (
        <Notice tone="bad" title="docker and git cannot ask this app at present.">
          The app may not open its place to listen in this user’s folder. Look at who owns the app’s
          data folder, then start the app again.
        </Notice>
      )}
      {actions &&
        integrations &&
        [integrations.docker, integrations.git].map((integration) => (
          <IntegrationPanel
            key={integration.kind}
            integration={integration}
            actions={actions}
            onChanged={replace}
          />
        ))}
    </Page>
  );
}
