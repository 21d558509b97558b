import { PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Problem } from '../transport/transport.js';
import { ProblemNotice } from './problem-notice.js';
import { type Task, useTask } from './use-task.js';

export interface PasswordEntry {
  readonly credentials: { readonly password: string; readonly oneTimePassword?: string };
  /** What the password is given for; where it ends with the wish for a one-time password, that is asked for. */
  readonly task: Task;
  readonly password: string;
  readonly setPassword: (password: string) => void;
  readonly oneTimePassword: string;
  readonly setOneTimePassword: (oneTimePassword: string) => void;
  readonly isCodeAsked: boolean;
  /** Why it failed, other than for the one-time password that was not asked for before. */
  readonly problem: Problem | null;
}

/** A password, and the one-time password once the server has asked for it. */
export function usePasswordEntry(): PasswordEntry {
  const task = useTask();
  const [password, setPassword] = useState('');
  const [oneTimePassword, setOneTimePassword] = useState('');
  const [isCodeAsked, setCodeAsked] = useState(false);
  const asksForCode = task.problem?.code === 'ONE_TIME_PASSWORD_REQUIRED';
  if (asksForCode && !isCodeAsked) setCodeAsked(true);
  return {
    credentials: { password, ...(oneTimePassword && { oneTimePassword }) },
    task,
    password,
    setPassword,
    oneTimePassword,
    setOneTimePassword,
    isCodeAsked,
    problem: asksForCode ? null : task.problem,
  };
}

interface PasswordEntryInputsProps {
  readonly entry: PasswordEntry;
  readonly autoFocus: boolean;
  /** What was not done, as a sentence: "You are not signed in." */
  readonly problemTitle: string;
}

export function PasswordEntryInputs({ entry, autoFocus, problemTitle }: PasswordEntryInputsProps) {
  return (
    <>
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        value={entry.password}
        onChange={(event) => entry.setPassword(event.currentTarget.value)}
      />
      {entry.isCodeAsked && (
        <TextInput
          label="One-time password"
          description="The six digits that your authenticator app shows now."
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          autoFocus
          value={entry.oneTimePassword}
          onChange={(event) => entry.setOneTimePassword(event.currentTarget.value.trim())}
        />
      )}
      {entry.problem && <ProblemNotice title={problemTitle} problem={entry.problem} />}
    </>
  );
}
