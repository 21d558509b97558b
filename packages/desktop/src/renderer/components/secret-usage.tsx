import { useQuery } from '@apollo/client/react';
import { Tabs, Text } from '@mantine/core';
import { AccountDocument } from '../graphql/generated/operations.js';
import { useSignedIn, useTransportState } from '../transport/transport-context.js';
import { CommandLine } from './command-line.js';
import styles from './secret-once.module.css';

interface Use {
  readonly name: string;
  /** Without the secret: what is typed stays in the shell's history. */
  readonly command: string;
  readonly remark: string;
}

/** What a server says goes into a command that is pasted into a shell: a host's name and port, or nothing. */
function hostName(told: unknown): string | undefined {
  return typeof told === 'string' && /^[a-z0-9][a-z0-9.-]*(:\d+)?$/i.test(told) ? told : undefined;
}

/** How docker, git and curl take a token's secret. */
export function TokenUsage() {
  const { username } = useSignedIn().account;
  const { serverAddress } = useTransportState();
  const { data } = useQuery(AccountDocument);
  const registryHost = hostName(data?.serverInfo?.registryHost);
  return (
    <SecretUsage
      uses={[
        {
          name: 'docker',
          command: `docker login ${registryHost ?? 'registry.example.com'} --username ${username}`,
          remark: `Paste the secret when docker asks for the password.${
            registryHost ? '' : ' Replace registry.example.com with your registry’s name.'
          }`,
        },
        {
          name: 'git',
          command: `git clone https://${username}@git.example.com/team/project.git`,
          remark:
            'Paste the secret when git asks for the password. Replace git.example.com/team/project.git with your repository’s address.',
        },
        {
          name: 'curl',
          command: `read -rs TOKEN && curl --header "Authorization: Bearer $TOKEN" ${serverAddress}/api/whoami-v2`,
          remark:
            'Paste the secret and press Enter; it stays out of the shell’s history. The answer says whose token it is.',
        },
      ]}
    />
  );
}

/** How a resource server asks with its secret. */
export function ResourceServerUsage({ name }: { name: string }) {
  const { serverAddress } = useTransportState();
  return (
    <SecretUsage
      uses={[
        {
          name: 'curl',
          command: `curl --user ${name} --data-urlencode token@- ${serverAddress}/oauth2/introspect`,
          remark:
            'Paste the secret when curl asks for the password, then a token and Ctrl+D. The answer says what the token may do.',
        },
      ]}
    />
  );
}

function SecretUsage({ uses }: { uses: readonly Use[] }) {
  return (
    <Tabs defaultValue={uses[0]?.name ?? ''} classNames={{ panel: styles.panel ?? '' }}>
      <Tabs.List aria-label="How to use it">
        {uses.map(({ name }) => (
          <Tabs.Tab key={name} value={name}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {uses.map(({ name, command, remark }) => (
        <Tabs.Panel key={name} value={name}>
          <CommandLine name={name} command={command} />
          <Text size="sm" c="dimmed">
            {remark}
          </Text>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
