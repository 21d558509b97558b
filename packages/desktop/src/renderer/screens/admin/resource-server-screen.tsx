import { useApolloClient, useMutation } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Facts } from '../../components/facts.js';
import { Notice } from '../../components/notice.js';
import { notifyDone } from '../../components/notify.js';
import { Page } from '../../components/page.js';
import { TimeAgo } from '../../components/time-ago.js';
import {
  DeleteResourceServerDocument,
  KeysAndServersDocument,
} from '../../graphql/generated/operations.js';
import { useTransportState } from '../../transport/transport-context.js';
import { MissingPage } from './detail-page.js';
import { ServerState } from './state-badge.js';
import { useResourceServer } from './use-keys-and-servers.js';
import { BACK_TO_LIST } from './way-back.js';

export default function ResourceServerScreen({ id }: { id: string }) {
  const { value: server, loading, problem, retry } = useResourceServer(id);
  const { serverAddress } = useTransportState();
  const client = useApolloClient();
  const [, navigate] = useLocation();
  const [deleteServer] = useMutation(DeleteResourceServerDocument);
  const [asking, setAsking] = useState(false);

  if (!server) {
    return (
      <MissingPage title="Resource server" loading={loading} problem={problem} onRetry={retry} />
    );
  }
  const remove = async () => {
    await deleteServer({ variables: { id } });
    navigate(BACK_TO_LIST.href);
    notifyDone(`${server.name} was deleted.`);
    await client.query({ query: KeysAndServersDocument, fetchPolicy: 'network-only' });
  };
  return (
    <Page
      title={server.name}
      aside={<ServerState server={server} />}
      back={BACK_TO_LIST}
      narrow
      action={
        <>
          <Button
            component={Link}
            href={`/admin/resource-servers/${encodeURIComponent(id)}/rotate`}
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
          >
            Rotate
          </Button>
          <Button
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            Delete
          </Button>
        </>
      }
    >
      {server.revokedAt && (
        <Notice
          tone="bad"
          title={
            <>
              Its secret was revoked <TimeAgo at={server.revokedAt} /> and is refused.
            </>
          }
        >
          {server.revocationNote} Rotate it to get a new secret.
        </Notice>
      )}
      <Facts
        facts={[
          { name: 'Client identifier', value: server.name },
          { name: 'Created', value: <TimeAgo at={server.createdAt} /> },
          { name: 'Introspection', value: <code>{serverAddress}/oauth2/introspect</code> },
          { name: 'Revocation', value: <code>{serverAddress}/oauth2/revoke</code> },
        ]}
      />
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${server.name}`}
        text={`Its secret stops working at once: ${server.name} can no longer check the tokens it receives. This cannot be undone.`}
        confirmLabel="Delete resource server"
        problemTitle="The resource server was not deleted."
        onConfirm={remove}
      />
    </Page>
  );
}
