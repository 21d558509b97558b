import { Anchor, Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Notice } from '../../components/notice.js';
import { PasswordEntryInputs, usePasswordEntry } from '../../components/password-entry.js';
import { must } from '../../components/use-task.js';
import { useSignInReport } from '../../shell/sign-in-report.js';
import { useTransport, useTransportState } from '../../transport/transport-context.js';
import styles from './entrance-screen.module.css';
import { ServerAddressInput } from './server-address-input.js';
import { UsernameInput } from './username-input.js';

interface SignInFormProps {
  /** Somebody who has just made an account. */
  readonly initialUsername?: string | undefined;
  readonly onMakeAccount?: () => void;
}

export function SignInForm({ initialUsername, onMakeAccount }: SignInFormProps) {
  const transport = useTransport();
  const state = useTransportState();
  const { tell } = useSignInReport();
  const entry = usePasswordEntry();
  const known = state.session.status === 'SIGNED_OUT' ? state.session : null;
  const [serverAddress, setServerAddress] = useState(state.serverAddress ?? '');
  const [username, setUsername] = useState(initialUsername ?? known?.lastUsername ?? '');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await entry.task.run(async () =>
      must(
        await transport.signIn({
          ...(transport.serverChoice && { serverAddress }),
          username: username.trim(),
          ...entry.credentials,
        }),
      ),
    );
    if (outcome) tell(outcome.removedAccessTokens);
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <div>
        <h1 className={styles.title}>Sign in</h1>
        {!transport.serverChoice && state.serverAddress && (
          <p className={styles.lead}>to {new URL(state.serverAddress).host}</p>
        )}
      </div>
      {known?.notice && (
        <Notice tone="info" title="You are signed out.">
          {known.notice.message}
        </Notice>
      )}
      {state.pendingSignOutCount > 0 && (
        <Notice tone="info">
          The server has not heard of the last sign-out yet. It is told as soon as it can be
          reached; nothing of it is left here.
        </Notice>
      )}
      {initialUsername && <Notice tone="good">The account was created. Sign in with it.</Notice>}
      {transport.serverChoice && (
        <ServerAddressInput
          value={serverAddress}
          onChange={setServerAddress}
          describe={transport.serverChoice.describe}
        />
      )}
      <UsernameInput
        autoFocus={username === ''}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordEntryInputs
        entry={entry}
        autoFocus={username !== ''}
        problemTitle="You are not signed in."
      />
      <Button type="submit" loading={entry.task.pending} fullWidth>
        Sign in
      </Button>
      {onMakeAccount && (
        <p className={styles.switch}>
          No account yet?{' '}
          <Anchor component="button" type="button" size="sm" onClick={onMakeAccount}>
            Create an account
          </Anchor>
        </p>
      )}
    </form>
  );
}
