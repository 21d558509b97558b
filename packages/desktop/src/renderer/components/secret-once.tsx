import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { useLeaveGuard } from '../shell/leave-guard.js';
import { useTransport } from '../transport/transport-context.js';
import { Notice } from './notice.js';
import { ProblemNotice } from './problem-notice.js';
import styles from './secret-once.module.css';
import { useTask } from './use-task.js';

interface SecretOnceProps {
  readonly secret: string;
  /** How it is used, below it. */
  readonly usage: ReactNode;
  readonly onDone: () => void;
}

/** A secret, whole, for the only time; what to do with it below. Leaving asks once whether it was saved. */
export function SecretOnce({ secret, usage, onDone }: SecretOnceProps) {
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
        Latchkey keeps only a fingerprint of it, and cannot show it again.
      </Notice>
      <SecretFrame secret={secret} />
      {usage}
      <div>
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </div>
      <Modal
        opened={leave !== undefined}
        onClose={() => setLeave(undefined)}
        title="Is the secret saved?"
        size="sm"
      >
        <Stack gap="md">
          <Text size="sm">Nobody can show it again after you leave this page.</Text>
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
          title="The secret was not copied. Select it, then copy it."
          problem={task.problem}
        />
      )}
    </div>
  );
}
