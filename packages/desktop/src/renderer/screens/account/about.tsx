import { useEffect, useState } from 'react';
import { Facts } from '../../components/facts.js';
import { counted } from '../../components/labels.js';
import type { AccountQuery } from '../../graphql/generated/operations.js';
import { useTransport, useTransportState } from '../../transport/transport-context.js';

/** The server, its rules, and the program around the screens where there is one. */
export function About({ serverInfo }: { serverInfo: AccountQuery['serverInfo'] | undefined }) {
  const { program } = useTransport();
  const { serverAddress } = useTransportState();
  const [programFacts, setProgramFacts] = useState<readonly { name: string; value: string }[]>([]);
  useEffect(() => {
    void program?.().then(setProgramFacts);
  }, [program]);

  const maxDays = serverInfo?.tokenMaxLifetimeDays;
  return (
    <Facts
      facts={[
        { name: 'Server', value: serverAddress ?? 'none' },
        ...(serverInfo
          ? [
              { name: 'Server version', value: serverInfo.version },
              {
                name: 'Session tokens',
                value: `${counted(serverInfo.sessionTokenLimit, 'device')} at most; signing in on one more removes the oldest`,
              },
              {
                name: 'Longest token life',
                value: maxDays ? counted(maxDays, 'day') : 'No bound',
              },
            ]
          : []),
        ...programFacts,
        { name: 'License', value: 'Apache License 2.0' },
      ]}
    />
  );
}
