import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { counted } from '../../components/labels.js';
import { notifyDone } from '../../components/notify.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import type { TokenFieldsFragment } from '../../graphql/generated/operations.js';
import { RecentCallers } from './recent-callers.js';
import { type BulkDelete, useBulkDelete } from './use-bulk-delete.js';

interface DeleteTokensDialogProps {
  /** What to delete; the dialog is open while there is something. */
  readonly tokens: readonly TokenFieldsFragment[];
  readonly onClose: () => void;
  readonly onDeleted?: (ids: readonly string[]) => void;
}

/** Asks before a delete, and tells whom it would hit. */
export function DeleteTokensDialog({ tokens, onClose, onDeleted }: DeleteTokensDialogProps) {
  // The tokens leave the list while they are deleted: the dialog keeps those it was opened with.
  const [kept, setKept] = useState(tokens);
  const opened = tokens.length > 0 || kept.length > 0;
  if (tokens.length > 0 && kept.length === 0) setKept(tokens);
  const bulk = useBulkDelete(onDeleted);
  const close = () => {
    bulk.reset();
    setKept([]);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      // Hidden, it would delete on: it stops instead, and closes once it has told how far it came.
      onClose={bulk.running ? bulk.stop : close}
      size="lg"
      title={
        kept.length === 1 ? `Delete “${kept[0]?.description}”` : `Delete ${kept.length} tokens`
      }
    >
      {kept.length > 0 && <DeleteForm tokens={kept} bulk={bulk} onClose={close} />}
    </Modal>
  );
}

interface DeleteFormProps {
  readonly tokens: readonly TokenFieldsFragment[];
  readonly bulk: BulkDelete;
  readonly onClose: () => void;
}

function DeleteForm({ tokens, bulk, onClose }: DeleteFormProps) {
  const count = counted(tokens.length, 'token');
  const submit = async () => {
    const deletedCount = await bulk.run(tokens.map(({ id }) => id));
    if (deletedCount === undefined) return;
    notifyDone(
      deletedCount < tokens.length
        ? `Stopped. ${deletedCount} of ${count} were deleted.`
        : `${count} ${tokens.length === 1 ? 'was' : 'were'} deleted.`,
    );
    onClose();
  };

  return (
    <Stack gap="sm">
      <Text size="sm">
        {tokens.length === 1 ? 'The token stops' : 'These tokens stop'} working at once, everywhere.
        This cannot be undone; what remains is a note of when and by whom{' '}
        {tokens.length === 1 ? 'it was' : 'they were'} removed.
      </Text>
      <RecentCallers tokens={tokens} />
      {bulk.running && (
        <Progress.Root size="lg" aria-label="Tokens deleted">
          <Progress.Section
            value={(bulk.doneCount / tokens.length) * 100}
            aria-label={`${bulk.doneCount} of ${tokens.length} deleted`}
          />
        </Progress.Root>
      )}
      {bulk.problem && (
        <ProblemNotice title={failureText(bulk.doneCount, count)} problem={bulk.problem} />
      )}
      <Group justify="flex-end" gap="xs">
        {bulk.running && (
          <Text size="sm" c="dimmed" mr="auto" aria-live="polite">
            {bulk.doneCount} of {tokens.length} deleted
          </Text>
        )}
        <Button variant="default" onClick={bulk.running ? bulk.stop : onClose}>
          {bulk.running ? 'Stop' : 'Cancel'}
        </Button>
        <Button color="red" loading={bulk.running} onClick={() => void submit()}>
          Delete {count}
        </Button>
      </Group>
    </Stack>
  );
}

function failureText(doneCount: number, count: string): string {
  if (doneCount === 0) return 'Nothing was deleted.';
  return `${doneCount} of ${count} ${doneCount === 1 ? 'was' : 'were'} deleted; the rest is untouched.`;
}
