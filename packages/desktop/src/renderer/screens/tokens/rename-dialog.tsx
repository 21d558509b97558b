import { useMutation } from '@apollo/client/react';
import { LIMITS } from '@latchkey/shared';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ProblemNotice } from '../../components/problem-notice.js';
import { fieldProblem, useTask } from '../../components/use-task.js';
import {
  type TokenFieldsFragment,
  UpdateTokenDocument,
} from '../../graphql/generated/operations.js';

interface RenameDialogProps {
  readonly token: TokenFieldsFragment;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function RenameDialog({ token, opened, onClose }: RenameDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Rename the token">
      <RenameForm token={token} onDone={onClose} />
    </Modal>
  );
}

function RenameForm({ token, onDone }: { token: TokenFieldsFragment; onDone: () => void }) {
  const [description, setDescription] = useState(token.description);
  const [update] = useMutation(UpdateTokenDocument);
  const task = useTask();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { id: token.id, description: description.trim() };
    if (await task.run(() => update({ variables: { input } }))) onDone();
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          label="Description"
          required
          data-autofocus
          maxLength={LIMITS.descriptionMaxLength}
          value={description}
          error={fieldProblem(task.problem, 'description')}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {task.problem && !task.problem.fields?.length && (
          <ProblemNotice title="The token was not renamed." problem={task.problem} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={task.pending} disabled={description.trim() === ''}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
