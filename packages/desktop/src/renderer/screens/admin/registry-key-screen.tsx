import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { Facts } from '../../components/facts.js';
import { Notice } from '../../components/notice.js';
import { Page, Section } from '../../components/page.js';
import { TimeAgo } from '../../components/time-ago.js';
import type { RegistryKeyStatus } from '../../graphql/generated/operations.js';
import { useTransport, useTransportState } from '../../transport/transport-context.js';
import styles from './admin.module.css';
import { MissingPage } from './detail-page.js';
import { KeyState } from './state-badge.js';
import { useRegistryKey } from './use-keys-and-servers.js';
import { BACK_TO_LIST } from './way-back.js';

const REMARKS: Readonly<Record<RegistryKeyStatus, string>> = {
  SIGNING: 'It signs the tokens that registries take. Every registry needs its certificate.',
  NEXT: 'It does not sign yet. Give its certificate to every registry before it does.',
  RETIRING:
    'It no longer signs. Registries need its certificate until its last tokens have expired.',
};

export default function RegistryKeyScreen({ kid }: { kid: string }) {
  const { value: key, loading, problem, retry } = useRegistryKey(kid);
  const { serverAddress } = useTransportState();
  if (!key) {
    return <MissingPage title="Registry key" loading={loading} problem={problem} onRetry={retry} />;
  }
  return (
    <Page
      title="Registry signing key"
      aside={<KeyState status={key.status} />}
      back={BACK_TO_LIST}
      narrow
    >
      <Notice tone="info">{REMARKS[key.status]}</Notice>
      <Facts
        facts={[
          { name: 'Key ID', value: <code>{key.kid}</code> },
          { name: 'Created', value: <TimeAgo at={key.createdAt} /> },
          { name: 'Signs from', value: <TimeAgo at={key.activeFrom} /> },
          { name: 'Certificate expires', value: <TimeAgo at={key.certificateExpiresAt} /> },
          {
            name: 'All certificates',
            value: <code>{serverAddress}/registry/certificate.pem</code>,
          },
          { name: 'Key set', value: <code>{serverAddress}/registry/jwks.json</code> },
        ]}
      />
      <Section title="Certificate" aside={<CopyButton text={key.certificate} />}>
        {/* It can be longer than its frame, and is scrolled by keyboard then. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
        <pre className={styles.certificate} tabIndex={0}>
          {key.certificate}
        </pre>
      </Section>
    </Page>
  );
}

function CopyButton({ text }: { text: string }) {
  const transport = useTransport();
  const [copied, setCopied] = useState(false);
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={
        copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />
      }
      onClick={() => void transport.copyText(text).then(() => setCopied(true))}
    >
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}
