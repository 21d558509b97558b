import { useMutation } from '@apollo/client/react';
import { Button, Group } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Notice } from '../../components/notice.js';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SecretOnce } from '../../components/secret-once.js';
import { ResourceServerUsage } from '../../components/secret-usage.js';
import { useTask } from '../../components/use-task.js';
import { RotateResourceServerDocument } from '../../graphql/generated/operations.js';
import styles from './admin.module.css';
import { MissingPage } from './detail-page.js';
import { useResourceServer } from './use-keys-and-servers.js';

export default function RotateResourceServerScreen({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const { value: server, loading, problem, retry } = useResourceServer(id);
  const [rotate] = useMutation(RotateResourceServerDocument, { fetchPolicy: 'no-cache' });
  // Held by this page alone: neither the cache nor the address ever has the secret.
  const [secret, setSecret] = useState<string>();
  const task = useTask();
  const address = `/admin/resource-servers/${encodeURIComponent(id)}`;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await task.run(() => rotate({ variables: { id } }));
    if (!result?.data) return;
    setSecret(result.data.rotateResourceServerSecret.secret);
    // One whose secret was revoked is good again.
    retry();
  };

  if (!server) {
    return (
      <MissingPage title="Resource server" loading={loading} problem={problem} onRetry={retry} />
    );
  }
  if (secret) {
    return (
      <Page title={`The new secret of ${server.name}`} narrow>
        <SecretOnce
          secret={secret}
          usage={<ResourceServerUsage name={server.name} />}
          onDone={() => navigate(address)}
        />
      </Page>
    );
  }
  return (
    <Page title={`Rotate ${server.name}`} back={{ href: address, label: server.name }} narrow>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <Notice tone="warn" title="The old secret stops working at once.">
          Until the API has the new secret, it cannot check tokens. To change without a gap, create
          a second resource server, move the API to it, then delete this one.
        </Notice>
        {task.problem && (
          <ProblemNotice title="The secret was not rotated." problem={task.problem} />
        )}
        <Group gap="xs">
          <Button type="submit" loading={task.pending}>
            Generate
          </Button>
          <Button component={Link} href={address} variant="default">
            Cancel
          </Button>
        </Group>
      </form>
    </Page>
  );
}
