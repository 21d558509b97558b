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

interface EditDialogProps {
  readonly token: TokenFieldsFragment;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function EditDialog({ token, opened, onClose }: EditDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Edit token">
      <EditForm token={token} onDone={onClose} />
    </Modal>
  );
}

function EditForm({ token, onDone }: { token: TokenFieldsFragment; onDone: () => void }) {
  const [description, setDescription] = useState(token.description);
  const [update] = useMutation(UpdateTokenDocument);
  const [missing, setMissing] = useState(false);
  const task = useTask();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (description.trim() === '') {
      setMissing(true);
      return;
    }
    const input = { id: token.id, description: description.trim() };
    if (await task.run(() => update({ variables: { input } }))) onDone();
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          label="Description"
          data-autofocus
          maxLength={LIMITS.descriptionMaxLength}
          value={description}
          error={
            (missing && description.trim() === '' && 'Give a description.') ||
            fieldProblem(task.problem, 'description')
          }
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {task.problem && !task.problem.fields?.length && (
          <ProblemNotice title="The token was not saved." problem={task.problem} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={task.pending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
