import { useMutation } from '@apollo/client/react';
import { LIMITS } from '@latchkey/shared';
import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notifyDone } from '../../components/notify.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { fieldProblem, useTask } from '../../components/use-task.js';
import { ChangePasswordDocument } from '../../graphql/generated/operations.js';
import { useSignedIn } from '../../transport/transport-context.js';
import styles from './account.module.css';

export function PasswordForm() {
  const { account } = useSignedIn();
  const [changePassword] = useMutation(ChangePasswordDocument);
  const [currentPassword, setCurrentPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const task = useTask();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await task.run(() =>
      changePassword({ variables: { currentPassword, newPassword } }),
    );
    if (!done) return;
    setCurrentPassword('');
    setNewPassword('');
    notifyDone('The password is changed. Every other session has ended.');
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {/* For password managers, which look for the name beside the password. */}
      <input type="text" autoComplete="username" value={account.username} readOnly hidden />
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        required
        value={currentPassword}
        error={fieldProblem(task.problem, 'currentPassword')}
        onChange={(event) => setCurrentPassword(event.currentTarget.value)}
      />
      <PasswordInput
        label="New password"
        description={`At least ${LIMITS.passwordMinLength} characters. Every other session ends.`}
        autoComplete="new-password"
        required
        minLength={LIMITS.passwordMinLength}
        maxLength={LIMITS.passwordMaxLength}
        value={newPassword}
        error={fieldProblem(task.problem, 'newPassword')}
        onChange={(event) => setNewPassword(event.currentTarget.value)}
      />
      {task.problem && !task.problem.fields?.length && (
        <ProblemNotice title="The password was not changed." problem={task.problem} />
      )}
      <div>
        <Button type="submit" variant="default" loading={task.pending}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
