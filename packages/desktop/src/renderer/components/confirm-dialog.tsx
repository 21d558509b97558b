import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { ProblemNotice } from './problem-notice.js';
import { useTask } from './use-task.js';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title?: string;
  readonly text?: string;
  /** What the button does, in words: "End 3 sessions". */
  readonly confirmLabel?: string;
  readonly problemTitle: string;
  readonly onConfirm: () => Promise<void>;
}

/** Asks before something that cannot be taken back; stays open with the reason where it fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const task = useTask();
  const close = () => {
    task.clear();
    props.onClose();
  };
  const confirm = async () => {
    const done = await task.run(async () => {
      await props.onConfirm();
      return true;
    });
    if (done) close();
  };
  return (
    <Modal opened={props.opened} onClose={close} title={props.title}>
      <Stack gap="md">
        <Text size="sm">{props.text}</Text>
        {task.problem && <ProblemNotice title={props.problemTitle} problem={task.problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" data-autofocus onClick={close}>
            Cancel
          </Button>
          <Button color="red" loading={task.pending} onClick={() => void confirm()}>
            {props.confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
