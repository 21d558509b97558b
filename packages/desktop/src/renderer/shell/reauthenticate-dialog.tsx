import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notifyDone } from '../components/notify.js';
import { OneTimePasswordInput } from '../components/one-time-password-input.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { must, useTask } from '../components/use-task.js';
import { useSignedIn, useTransport } from '../transport/transport-context.js';

/** Asks for the password in place: the page behind stays as it is. */
export function ReauthenticateDialog(props: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Stay signed in" size="sm">
      <ReauthenticateForm onDone={props.onClose} />
    </Modal>
  );
}

function ReauthenticateForm({ onDone }: { onDone: () => void }) {
  const { account } = useSignedIn();
  const transport = useTransport();
  const task = useTask();
  const [password, setPassword] = useState('');
  const [oneTimePassword, setOneTimePassword] = useState('');
  const [codeAsked, setCodeAsked] = useState(false);
  const asksForCode = task.problem?.code === 'ONE_TIME_PASSWORD_REQUIRED';
  if (asksForCode && !codeAsked) setCodeAsked(true);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await task.run(async () =>
      must(
        await transport.reauthenticate({ password, ...(oneTimePassword && { oneTimePassword }) }),
      ),
    );
    if (!done) return;
    notifyDone('You stay signed in. The session starts anew.');
    onDone();
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Give the password of {account.username} again, and the session starts anew.
        </Text>
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {codeAsked && (
          <OneTimePasswordInput value={oneTimePassword} onChange={setOneTimePassword} />
        )}
        {task.problem && !asksForCode && (
          <ProblemNotice title="The session was not renewed." problem={task.problem} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={task.pending}>
            Stay signed in
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
