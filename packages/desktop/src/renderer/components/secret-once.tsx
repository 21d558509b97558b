import { useQuery } from '@apollo/client/react';
import { Button, Group, Modal, Stack, Tabs, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useCallback, useRef, useState } from 'react';
import { AccountDocument } from '../graphql/generated/operations.js';
import { useLeaveGuard } from '../shell/leave-guard.js';
import { useSignedIn, useTransport, useTransportState } from '../transport/transport-context.js';
import { CommandLine } from './command-line.js';
import { Notice } from './notice.js';
import { ProblemNotice } from './problem-notice.js';
import styles from './secret-once.module.css';
import { useTask } from './use-task.js';

interface SecretOnceProps {
  readonly secret: string;
  readonly doneLabel: string;
  readonly onDone: () => void;
}

/** A secret, whole, for the only time; what to do with it below. Leaving asks once whether it was saved. */
export function SecretOnce({ secret, doneLabel, onDone }: SecretOnceProps) {
  const [leave, setLeave] = useState<() => void>();
  const asked = useRef(false);
  const guard = useCallback((go: () => void) => {
    if (asked.current) return true;
    setLeave(() => go);
    return false;
  }, []);
  useLeaveGuard(guard);

  const goAnyway = () => {
    asked.current = true;
    leave?.();
  };

  return (
    <>
      <Notice tone="warn" title="Copy the secret now. It is shown this once.">
        Latchkey keeps a fingerprint of it only, and cannot show it again.
      </Notice>
      <SecretFrame secret={secret} />
      <Usage />
      <div>
        <Button variant="default" onClick={onDone}>
          {doneLabel}
        </Button>
      </div>
      <Modal
        opened={leave !== undefined}
        onClose={() => setLeave(undefined)}
        title="Is the secret saved?"
        size="sm"
      >
        <Stack gap="md">
          <Text size="sm">Once you leave this page nobody can show it again.</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" data-autofocus onClick={() => setLeave(undefined)}>
              Back to the secret
            </Button>
            <Button onClick={goAnyway}>It is saved</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function SecretFrame({ secret }: { secret: string }) {
  const transport = useTransport();
  const task = useTask();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const done = await task.run(async () => {
      await transport.copySecret(secret);
      return true;
    });
    setCopied(done === true);
  };
  return (
    <div className={styles.frame}>
      <code className={styles.secret} data-testid="secret">
        {secret}
      </code>
      <div className={styles.copy}>
        <Button
          leftSection={
            copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
          }
          onClick={() => void copy()}
        >
          {copied ? 'Copied' : 'Copy the secret'}
        </Button>
        <span className={styles.remark} aria-live="polite">
          {copied ? 'The clipboard is cleared in 60 seconds.' : ''}
        </span>
      </div>
      {task.problem && (
        <ProblemNotice
          title="The secret was not copied. Select it and copy it by hand."
          problem={task.problem}
        />
      )}
    </div>
  );
}

/** What a server says goes into a command that is pasted into a shell: a host's name and port, or nothing. */
function hostName(told: unknown): string | undefined {
  return typeof told === 'string' && /^[a-z0-9][a-z0-9.-]*(:\d+)?$/i.test(told) ? told : undefined;
}

/** No command holds the secret itself: what is typed stays in the shell's history. */
function Usage() {
  const { account } = useSignedIn();
  const { serverAddress } = useTransportState();
  const { data } = useQuery(AccountDocument);
  const registryHost = hostName(data?.serverInfo?.registryHost);
  const uses = [
    {
      name: 'docker',
      command: `docker login ${registryHost ?? 'registry.example.com'} --username ${account.username}`,
      remark: `Paste the secret when docker asks for the password.${
        registryHost ? '' : ' Replace registry.example.com with your registry’s name.'
      }`,
    },
    {
      name: 'git',
      command: `git clone https://${account.username}@git.example.com/team/project.git`,
      remark:
        'Paste the secret when git asks for the password. Replace git.example.com/team/project.git with your repository’s address.',
    },
    {
      name: 'curl',
      command: `read -rs TOKEN && curl --header "Authorization: Bearer $TOKEN" ${serverAddress}/api/whoami-v2`,
      remark:
        'Paste the secret and press Enter; it stays out of the shell’s history. The answer says whose token it is.',
    },
  ];
  return (
    <Tabs defaultValue="docker" classNames={{ panel: styles.panel ?? '' }}>
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
