import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { FormEvent } from 'react';
import { notifyDone } from '../components/notify.js';
import { PasswordEntryInputs, usePasswordEntry } from '../components/password-entry.js';
import { must } from '../components/use-task.js';
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
  const entry = usePasswordEntry();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await entry.task.run(async () =>
      must(await transport.reauthenticate(entry.credentials)),
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
        <PasswordEntryInputs entry={entry} autoFocus problemTitle="The session was not renewed." />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={entry.task.pending}>
            Stay signed in
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
