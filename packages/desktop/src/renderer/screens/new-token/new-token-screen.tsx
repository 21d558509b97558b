import '@mantine/dates/styles.css';
import { useMutation, useQuery } from '@apollo/client/react';
import { LIMITS, type Scope } from '@latchkey/shared';
import { Button, Group, Radio, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SecretOnce } from '../../components/secret-once.js';
import { TokenUsage } from '../../components/secret-usage.js';
import { dayText, exactTime } from '../../components/time-text.js';
import { fieldProblem, useTask } from '../../components/use-task.js';
import { AccountDocument, CreateTokenDocument } from '../../graphql/generated/operations.js';
import { useWayBack } from '../tokens/list-place.js';
import {
  type ExpiryChoice,
  expiryChoices,
  expiryInput,
  expiryTime,
  isoDay,
  lastDay,
} from './expiry.js';
import styles from './new-token.module.css';
import { ScopeInput } from './scope-input.js';

export default function NewTokenScreen() {
  const [, navigate] = useLocation();
  const back = useWayBack();
  // Held by this page alone: neither the cache nor the address ever has the secret.
  const [created, setCreated] = useState<{ id: string; description: string; secret: string }>();
  if (created) {
    return (
      <Page title="The new token" heading={created.description} narrow>
        <SecretOnce
          secret={created.secret}
          usage={<TokenUsage />}
          onDone={() => navigate(`/tokens/${encodeURIComponent(created.id)}`)}
        />
      </Page>
    );
  }
  return (
    <Page title="Create token" back={back} narrow>
      <NewTokenForm cancelHref={back.href} onCreated={setCreated} />
    </Page>
  );
}

interface NewTokenFormProps {
  readonly cancelHref: string;
  readonly onCreated: (created: { id: string; description: string; secret: string }) => void;
}

function NewTokenForm({ cancelHref, onCreated }: NewTokenFormProps) {
  const { data } = useQuery(AccountDocument);
  const maxDays = data?.serverInfo.tokenMaxLifetimeDays ?? null;
  const choices = expiryChoices(maxDays);
  const [nowMs] = useState(Date.now);
  const [description, setDescription] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['READ']);
  const [choice, setChoice] = useState<ExpiryChoice>('30');
  const [date, setDate] = useState<string | null>(null);
  const [createToken] = useMutation(CreateTokenDocument, { fetchPolicy: 'no-cache' });
  const task = useTask();
  const chosen = choices.some(({ value }) => value === choice) ? choice : 'DATE';
  const expiresMs = expiryTime(chosen, date, nowMs);
  const [sent, setSent] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (scopes.length === 0 || expiresMs === undefined) return;
    const input = {
      description: description.trim() || null,
      scopes,
      ...expiryInput(chosen, expiresMs),
    };
    const result = await task.run(() => createToken({ variables: { input } }));
    const answer = result?.data?.createAccessToken;
    if (answer) onCreated({ ...answer.accessToken, secret: answer.secret });
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Description"
        description="What it is for and where it is used. If it is empty, the date and the device are used."
        placeholder="Build server, pulls base images"
        autoFocus
        maxLength={LIMITS.descriptionMaxLength}
        value={description}
        error={fieldProblem(task.problem, 'description')}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <ScopeInput
        value={scopes}
        onChange={setScopes}
        permissions={data?.viewer.account.permissions}
        error={fieldProblem(task.problem, 'scopes')}
      />
      <Radio.Group
        label="Expires"
        description="This cannot be changed later. After that date the token no longer works."
        required
        value={chosen}
        error={
          fieldProblem(task.problem, 'expiresAt') ?? fieldProblem(task.problem, 'expiresInSeconds')
        }
        onChange={(value) => setChoice(value as ExpiryChoice)}
      >
        <Group gap="md" mt="xs">
          {choices.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} size="xs" />
          ))}
        </Group>
      </Radio.Group>
      {chosen === 'DATE' && (
        <DatePickerInput
          label="Last day"
          placeholder="Pick a day"
          className={styles.date ?? ''}
          error={sent && date === null && 'Pick the last day.'}
          minDate={isoDay(nowMs)}
          {...(maxDays !== null && { maxDate: lastDay(maxDays, nowMs) })}
          value={date}
          valueFormat="D MMMM YYYY"
          // Red is for what is wrong; a Sunday is not.
          weekendDays={[]}
          onChange={setDate}
        />
      )}
      <p className={styles.outcome} aria-live="polite">
        {outcomeText(expiresMs)}
      </p>
      {task.problem && !task.problem.fields?.length && (
        <ProblemNotice title="The token was not created." problem={task.problem} />
      )}
      <Group gap="xs">
        <Button type="submit" loading={task.pending}>
          Generate
        </Button>
        <Button component={Link} href={cancelHref} variant="default">
          Cancel
        </Button>
      </Group>
    </form>
  );
}

function outcomeText(expiresMs: number | null | undefined) {
  if (expiresMs === undefined) return 'Pick the last day on which it works.';
  if (expiresMs === null) return 'It works until somebody deletes it.';
  return <span title={exactTime(expiresMs)}>It works until {dayText(expiresMs)}.</span>;
}
