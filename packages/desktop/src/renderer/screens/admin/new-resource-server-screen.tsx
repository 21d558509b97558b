import { useApolloClient, useMutation } from '@apollo/client/react';
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SecretOnce } from '../../components/secret-once.js';
import { ResourceServerUsage } from '../../components/secret-usage.js';
import { fieldProblem, useTask } from '../../components/use-task.js';
import {
  CreateResourceServerDocument,
  KeysAndServersDocument,
} from '../../graphql/generated/operations.js';
import styles from './admin.module.css';
import { BACK_TO_LIST } from './way-back.js';

export default function NewResourceServerScreen() {
  const [, navigate] = useLocation();
  const client = useApolloClient();
  const [create] = useMutation(CreateResourceServerDocument, { fetchPolicy: 'no-cache' });
  const [name, setName] = useState('');
  const [sent, setSent] = useState(false);
  // Held by this page alone: neither the cache nor the address ever has the secret.
  const [created, setCreated] = useState<{ id: string; name: string; secret: string }>();
  const task = useTask();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (name.trim() === '') return;
    const result = await task.run(() => create({ variables: { name: name.trim() } }));
    const answer = result?.data?.createResourceServer;
    if (!answer) return;
    setCreated({ ...answer.resourceServer, secret: answer.secret });
    void client.query({ query: KeysAndServersDocument, fetchPolicy: 'network-only' });
  };

  if (created) {
    return (
      <Page title={`The secret of ${created.name}`} narrow>
        <SecretOnce
          secret={created.secret}
          usage={<ResourceServerUsage name={created.name} />}
          onDone={() => navigate(`/admin/resource-servers/${encodeURIComponent(created.id)}`)}
        />
      </Page>
    );
  }
  return (
    <Page title="Create resource server" back={BACK_TO_LIST} narrow>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p className={styles.text}>
          An API with this secret may ask what a token is worth, and end tokens.
        </p>
        <TextInput
          label="Name"
          description="Its client identifier: a–z, 0–9 and single hyphens."
          placeholder="wiki"
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          maxLength={39}
          value={name}
          error={
            (sent && name.trim() === '' && 'Give a name.') || fieldProblem(task.problem, 'name')
          }
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {task.problem && !task.problem.fields?.length && (
          <ProblemNotice title="The resource server was not created." problem={task.problem} />
        )}
        <Group gap="xs">
          <Button type="submit" loading={task.pending}>
            Generate
          </Button>
          <Button component={Link} href={BACK_TO_LIST.href} variant="default">
            Cancel
          </Button>
        </Group>
      </form>
    </Page>
  );
}
