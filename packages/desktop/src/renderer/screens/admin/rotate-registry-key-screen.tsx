import { useApolloClient, useMutation } from '@apollo/client/react';
import { Button, Group, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { notifyDone } from '../../components/notify.js';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { useTask } from '../../components/use-task.js';
import {
  KeysAndServersDocument,
  RotateRegistryKeyDocument,
} from '../../graphql/generated/operations.js';
import styles from './admin.module.css';
import { BACK_TO_LIST } from './way-back.js';

const STARTS = [
  { seconds: 7 * 24 * 3600, label: 'In seven days', remark: 'Time to reach every registry.' },
  { seconds: 24 * 3600, label: 'In a day', remark: 'Time to restart the registries that you run.' },
  { seconds: 3600, label: 'In an hour', remark: 'For registries that fetch the keys themselves.' },
  { seconds: 60, label: 'In a minute', remark: 'For a key that may have leaked.' },
] as const;

export default function RotateRegistryKeyScreen() {
  const [, navigate] = useLocation();
  const client = useApolloClient();
  const [rotate] = useMutation(RotateRegistryKeyDocument, { fetchPolicy: 'no-cache' });
  const [start, setStart] = useState(String(STARTS[0].seconds));
  const task = useTask();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await task.run(async () => {
      const done = await rotate({ variables: { activateAfterSeconds: Number(start) } });
      await client.query({ query: KeysAndServersDocument, fetchPolicy: 'network-only' });
      return done;
    });
    if (!result?.data) return;
    notifyDone('The next key is published. Give its certificate to every registry.');
    navigate(`/admin/registry-keys/${encodeURIComponent(result.data.rotateRegistryKey.kid)}`);
  };

  return (
    <Page title="Rotate the registry signing key" back={BACK_TO_LIST} narrow>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p>
          The next key is published at once and signs later. Until then, give its certificate or the
          new key set to every registry. A registry that has neither refuses every token.
        </p>
        <Radio.Group label="The next key signs" value={start} onChange={setStart}>
          <div className={styles.choices}>
            {STARTS.map(({ seconds, label, remark }) => (
              <Radio
                key={seconds}
                size="xs"
                value={String(seconds)}
                label={label}
                description={remark}
              />
            ))}
          </div>
        </Radio.Group>
        {task.problem && <ProblemNotice title="The key was not rotated." problem={task.problem} />}
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
