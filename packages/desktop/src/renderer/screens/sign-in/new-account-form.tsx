import { LIMITS } from '@latchkey/shared';
import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ProblemNotice } from '../../components/problem-notice.js';
import { fieldProblem, must, useTask } from '../../components/use-task.js';
import { useTransport } from '../../transport/transport-context.js';
import styles from './entrance-screen.module.css';
import { UsernameInput } from './username-input.js';

interface NewAccountFormProps {
  /** The very first account of a server, which becomes its administrator. */
  readonly first: boolean;
  /** The account is there, but its sign-in did not work at once. */
  readonly onMade: (username: string) => void;
  readonly onBack: () => void;
}

export function NewAccountForm({ first, onMade, onBack }: NewAccountFormProps) {
  const transport = useTransport();
  const task = useTask();
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [setupCode, setSetupCode] = useState(transport.accounts?.setupCode ?? '');
  const [sent, setSent] = useState(false);
  const tooShort = password.length < LIMITS.passwordMinLength;
  const { problem } = task;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    const { accounts } = transport;
    if (!accounts || tooShort) return;
    const account = {
      username: username.trim(),
      email: email.trim(),
      password,
      ...(first && { setupCode: setupCode.trim() }),
    };
    await task.run(async () => {
      must(await accounts.create(account));
      const outcome = await transport.signIn({ username: account.username, password });
      if (!outcome.ok) onMade(account.username);
    });
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <div>
        <h1 className={styles.title}>{first ? 'Set up this server' : 'Create an account'}</h1>
        <p className={styles.lead}>
          {first
            ? 'Nobody has an account here yet. The first one is the administrator’s.'
            : 'With it you create tokens and see how they are used.'}
        </p>
      </div>
      {first && (
        <TextInput
          label="Set-up code"
          description="The server printed it when it started. Its link brings it along."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus={setupCode === ''}
          value={setupCode}
          error={fieldProblem(problem, 'setupCode')}
          onChange={(event) => setSetupCode(event.currentTarget.value)}
        />
      )}
      <UsernameInput
        autoFocus={!first || setupCode !== ''}
        minLength={LIMITS.usernameMinLength}
        maxLength={LIMITS.usernameMaxLength}
        value={username}
        error={fieldProblem(problem, 'username')}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <TextInput
        label="Email"
        type="email"
        autoComplete="email"
        required
        maxLength={LIMITS.emailMaxLength}
        value={email}
        error={fieldProblem(problem, 'email')}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        description={`At least ${LIMITS.passwordMinLength} characters; a few words do well.`}
        autoComplete="new-password"
        required
        maxLength={LIMITS.passwordMaxLength}
        value={password}
        error={
          fieldProblem(problem, 'password') ??
          (sent &&
            tooShort &&
            `${LIMITS.passwordMinLength - password.length} more characters are needed.`)
        }
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {problem && !problem.fields?.length && (
        <ProblemNotice title="The account was not created." problem={problem} />
      )}
      <Button type="submit" loading={task.pending} fullWidth>
        {first ? 'Create the administrator’s account' : 'Create account'}
      </Button>
      {!first && (
        <p className={styles.switch}>
          Already have one?{' '}
          <Anchor component="button" type="button" size="sm" onClick={onBack}>
            Sign in
          </Anchor>
        </p>
      )}
    </form>
  );
}
