import type { Integration } from '../../../ipc/integrations.js';
import { Notice } from '../../components/notice.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { useTransportState } from '../../transport/transport-context.js';
import { CLIENT_LABELS } from './client-labels.js';

/** What stands between an integration and its work. */
export function IntegrationNotices({ integration }: { integration: Integration }) {
  const { serverAddress } = useTransportState();
  const { client } = CLIENT_LABELS[integration.kind];
  const isOn = integration.status !== 'OFF';
  const isElsewhere =
    isOn && integration.serverAddress !== null && integration.serverAddress !== serverAddress;
  return (
    <>
      {integration.problem && (
        <ProblemNotice
          title={`The configuration of ${client} cannot be changed here.`}
          problem={integration.problem}
        />
      )}
      {integration.status === 'CHANGED' && !integration.problem && (
        <Notice tone="warn" title={`${client} no longer asks Latchkey for all of these.`}>
          The entries were changed in {integration.configFile} after they were made here. Show the
          change to put them back, or turn it off.
        </Notice>
      )}
      {isElsewhere && (
        <Notice tone="warn" title={`Turned on for ${integration.serverAddress}.`}>
          You are signed in at {serverAddress}, whose token is not given to these. Show the change
          to turn it on for this server.
        </Notice>
      )}
      {isOn &&
        integration.warnings.map((warning) => (
          <Notice key={warning} tone="info">
            {warning}
          </Notice>
        ))}
    </>
  );
}
