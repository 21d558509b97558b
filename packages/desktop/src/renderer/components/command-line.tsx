import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTransport } from '../transport/transport-context.js';
import styles from './command-line.module.css';

/** A command to copy; `name` is the program's. */
export function CommandLine({ name, command }: { name: string; command: string }) {
  const transport = useTransport();
  return (
    <div className={styles.line}>
      <code className={styles.command}>{command}</code>
      <Tooltip label="Copy the command">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Copy the ${name} command`}
          onClick={() => void transport.copyText(command)}
        >
          <IconCopy size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
