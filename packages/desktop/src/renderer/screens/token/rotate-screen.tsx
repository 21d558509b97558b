import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Group, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SecretOnce } from '../../components/secret-once.js';
import { TokenUsage } from '../../components/secret-usage.js';
import { useTask } from '../../components/use-task.js';
import { RotateTokenDocument, TokenNameDocument } from '../../graphql/generated/operations.js';
import styles from './rotate-screen.module.css';

const OVERLAPS = [
  { seconds: 0, label: 'At once', remark: 'For a secret that may have leaked.' },
  { seconds: 3600, label: 'In an hour', remark: 'Time to change it in one place.' },
  { seconds: 24 * 3600, label: 'In a day', remark: 'Time for a build server’s next run.' },
  { seconds: 7 * 24 * 3600, label: 'In seven days', remark: 'Time to change it in many places.' },
] as const;
/** Nothing breaks that runs once a day. */
const SAFE_OVERLAP = String(24 * 3600);

export default function RotateScreen({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const { data } = useQuery(TokenNameDocument, { variables: { id } });
  const [rotateToken] = useMutation(RotateTokenDocument, { fetchPolicy: 'no-cache' });
  const [overlap, setOverlap] = useState(SAFE_OVERLAP);
  // Held by this page alone: neither the cache nor the address ever has the secret.
  const [secret, setSecret] = useState<string>();
  const task = useTask();
  const address = `/tokens/${encodeURIComponent(id)}`;
  const name = data?.accessToken?.description ?? 'the token';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await task.run(() =>
      rotateToken({ variables: { id, overlapSeconds: Number(overlap) } }),
    );
    if (result?.data) setSecret(result.data.rotateAccessToken.secret);
  };

  if (secret) {
    return (
      <Page title={`The new secret of ${name}`} narrow>
        <SecretOnce secret={secret} usage={<TokenUsage />} onDone={() => navigate(address)} />
      </Page>
    );
  }
  return (
    <Page title={`Rotate ${name}`} back={{ href: address, label: 'The token' }} narrow>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p>
          The token gets a new secret and keeps its description, scopes and expiry. Until the old
          secret stops working, both work.
        </p>
        <Radio.Group label="The old secret stops working" value={overlap} onChange={setOverlap}>
          <div className={styles.choices}>
            {OVERLAPS.map(({ seconds, label, remark }) => (
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
        {task.problem && (
          <ProblemNotice title="The token was not rotated." problem={task.problem} />
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
