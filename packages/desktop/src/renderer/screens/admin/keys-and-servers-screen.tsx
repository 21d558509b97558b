import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState } from '../../components/empty-state.js';
import { Page, Section } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import table from '../../components/table.module.css';
import { TimeAgo } from '../../components/time-ago.js';
import { SkeletonRows } from '../../components/waiting.js';
import {
  KeysAndServersDocument,
  type RegistryKeyFieldsFragment,
  type ResourceServerFieldsFragment,
} from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import styles from './admin.module.css';
import { KeyState, ServerState } from './state-badge.js';

/** For administrators: the APIs that introspect tokens, and the keys that sign registry tokens. */
export default function KeysAndServersScreen() {
  const { data, error, refetch } = useQuery(KeysAndServersDocument);
  return (
    <Page
      title="Keys and servers"
      action={
        <Button
          component={Link}
          href="/admin/resource-servers/new"
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          Create resource server
        </Button>
      }
    >
      {error && (
        <ProblemNotice
          title="The keys and servers could not be loaded."
          problem={problemOf(error)}
          onRetry={() => void refetch()}
        />
      )}
      {!data && !error && <SkeletonRows label="The keys and servers are loading" count={6} />}
      {data && (
        <>
          <Section title="Resource servers">
            <p className={styles.text}>
              APIs that ask this server what a token may do. Those in{' '}
              <code>LATCHKEY_RESOURCE_SERVERS</code> are not listed here.
            </p>
            <ResourceServers servers={data.resourceServers} />
          </Section>
          <Section
            title="Registry signing keys"
            aside={
              data.registryKeys.length > 0 && (
                <Button
                  component={Link}
                  href="/admin/registry-keys/rotate"
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconRefresh size={15} aria-hidden />}
                >
                  Rotate
                </Button>
              )
            }
          >
            <RegistryKeys keys={data.registryKeys} />
          </Section>
        </>
      )}
    </Page>
  );
}

function ResourceServers({ servers }: { servers: readonly ResourceServerFieldsFragment[] }) {
  if (servers.length === 0) {
    return (
      <EmptyState title="There are no resource servers yet.">
        Create one for each API that checks the tokens it receives.
      </EmptyState>
    );
  }
  return (
    <table className={`${table.table} ${styles.table}`}>
      <thead>
        <tr>
          <th>Name</th>
          <th className={styles.state}>Status</th>
          <th className={styles.time}>Created</th>
        </tr>
      </thead>
      <tbody>
        {servers.map((server) => (
          <tr key={server.id}>
            <td>
              <Link
                href={`/admin/resource-servers/${encodeURIComponent(server.id)}`}
                className={`${table.link} ${table.main}`}
              >
                {server.name}
              </Link>
            </td>
            <td>
              <ServerState server={server} />
            </td>
            <td data-label="Created">
              <TimeAgo at={server.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RegistryKeys({ keys }: { keys: readonly RegistryKeyFieldsFragment[] }) {
  if (keys.length === 0) {
    return (
      <EmptyState title="No registry is configured.">
        Set <code>LATCHKEY_REGISTRY_SERVICE</code> on the server, and it makes the first key.
      </EmptyState>
    );
  }
  return (
    <table className={`${table.table} ${styles.table}`}>
      <thead>
        <tr>
          <th>Key</th>
          <th className={styles.state}>Status</th>
          <th className={styles.time}>Signs from</th>
          <th className={styles.time}>Certificate expires</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.kid}>
            <td>
              <Link
                href={`/admin/registry-keys/${encodeURIComponent(key.kid)}`}
                className={`${table.link} ${table.mono} ${styles.kid}`}
                title={key.kid}
              >
                {key.kid}
              </Link>
            </td>
            <td>
              <KeyState status={key.status} />
            </td>
            <td data-label="Signs from">
              <TimeAgo at={key.activeFrom} />
            </td>
            <td data-label="Certificate expires">
              <TimeAgo at={key.certificateExpiresAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
