import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Notice } from '../../components/notice.js';
import { OneTimePasswordInput } from '../../components/one-time-password-input.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { must, useTask } from '../../components/use-task.js';
import { useSignInReport } from '../../shell/sign-in-report.js';
import { useTransport, useTransportState } from '../../transport/transport-context.js';
import styles from './entrance-screen.module.css';
import { ServerAddressInput } from './server-address-input.js';

interface SignInFormProps {
  /** Somebody who has just made an account. */
  readonly initialUsername?: string | undefined;
  readonly onMakeAccount?: () => void;
}

export function SignInForm({ initialUsername, onMakeAccount }: SignInFormProps) {
  const transport = useTransport();
  const state = useTransportState();
  const { tell } = useSignInReport();
  const task = useTask();
  const known = state.session.status === 'SIGNED_OUT' ? state.session : null;
  const [serverAddress, setServerAddress] = useState(state.serverAddress ?? '');
  const [username, setUsername] = useState(initialUsername ?? known?.lastUsername ?? '');
  const [password, setPassword] = useState('');
  const [oneTimePassword, setOneTimePassword] = useState('');
  const [codeAsked, setCodeAsked] = useState(false);
  const asksForCode = task.problem?.code === 'ONE_TIME_PASSWORD_REQUIRED';
  if (asksForCode && !codeAsked) setCodeAsked(true);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await task.run(async () =>
      must(
        await transport.signIn({
          ...(transport.serverChoice && { serverAddress }),
          username: username.trim(),
          password,
          ...(oneTimePassword && { oneTimePassword }),
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
          You are signed out here. The server hears of it as soon as it can be reached.
        </Notice>
      )}
      {initialUsername && <Notice tone="good">The account is made. Sign in with it.</Notice>}
      {transport.serverChoice && (
        <ServerAddressInput
          value={serverAddress}
          onChange={setServerAddress}
          describe={transport.serverChoice.describe}
        />
      )}
      <TextInput
        label="Username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus={username === ''}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        autoFocus={username !== ''}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {codeAsked && <OneTimePasswordInput value={oneTimePassword} onChange={setOneTimePassword} />}
      {task.problem && !asksForCode && (
        <ProblemNotice title="You are not signed in." problem={task.problem} />
      )}
      <Button type="submit" loading={task.pending} fullWidth>
        Sign in
      </Button>
      {onMakeAccount && (
        <p className={styles.switch}>
          No account yet?{' '}
          <Anchor component="button" type="button" size="sm" onClick={onMakeAccount}>
            Make an account
          </Anchor>
        </p>
      )}
    </form>
  );
}
