import { useMutation, useQuery } from '@apollo/client/react';
import { Button, VisuallyHidden } from '@mantine/core';
import { IconLock, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { EmptyState } from '../../components/empty-state.js';
import { counted } from '../../components/labels.js';
import { notifyDone } from '../../components/notify.js';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import badge from '../../components/status-badge.module.css';
import table from '../../components/table.module.css';
import { SkeletonRows } from '../../components/waiting.js';
import {
  NamespacesDocument,
  type NamespacesQuery,
  SetNamespacePublicDocument,
} from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import styles from './namespaces.module.css';

type Namespace = NamespacesQuery['namespaces'][number];

/** Which of the account's namespaces everybody reads. */
export default function NamespacesScreen() {
  const { data, error, refetch } = useQuery(NamespacesDocument);
  const [setPublic] = useMutation(SetNamespacePublicDocument);
  const [changing, setChanging] = useState<Namespace>();

  const change = async ({ name, public: isPublic }: Namespace) => {
    await setPublic({ variables: { name, public: !isPublic } });
    notifyDone(isPublic ? `${name} is private.` : `Everybody can read ${name} now.`);
  };

  return (
    <Page
      title="Namespaces"
      aside={data && counted(data.namespaces.length, 'namespace')}
      back={{ href: '/account', label: 'Account' }}
      narrow
    >
      <p className={styles.text}>
        A namespace holds the repositories whose names begin with it. In a public one everybody can
        read, without a token. Writing and deleting always need a token.
      </p>
      {error && (
        <ProblemNotice
          title="The namespaces could not be loaded."
          problem={problemOf(error)}
          onRetry={() => void refetch()}
        />
      )}
      {!data && !error && <SkeletonRows label="The namespaces are loading" count={2} />}
      {data?.namespaces.length === 0 && (
        <EmptyState title="There is no namespace.">
          An account has a namespace that bears its name.
        </EmptyState>
      )}
      {data && data.namespaces.length > 0 && (
        <table className={`${table.table} ${styles.namespaces}`}>
          <thead>
            <tr>
              <th>Name</th>
              <th className={styles.visibility}>Visibility</th>
              <th className={styles.end}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.namespaces.map((namespace) => (
              <tr key={namespace.name}>
                <td className={table.main}>{namespace.name}</td>
                <td>
                  <Visibility isPublic={namespace.public} />
                </td>
                <td className={table.end}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => setChanging(namespace)}
                  >
                    {namespace.public ? 'Make private' : 'Make public'}
                    <VisuallyHidden>: {namespace.name}</VisuallyHidden>
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ConfirmDialog
        opened={changing !== undefined}
        onClose={() => setChanging(undefined)}
        problemTitle="The namespace was not changed."
        onConfirm={async () => {
          if (changing) await change(changing);
        }}
        {...(changing && wordsOf(changing))}
      />
    </Page>
  );
}

function Visibility({ isPublic }: { isPublic: boolean }) {
  return (
    <span className={`${badge.badge} ${isPublic ? badge.warn : badge.quiet}`}>
      {isPublic ? <IconWorld size={14} aria-hidden /> : <IconLock size={14} aria-hidden />}
      {isPublic ? 'Public' : 'Private'}
    </span>
  );
}

function wordsOf({ name, public: isPublic }: Namespace) {
  if (isPublic) {
    return {
      title: `Make ${name} private`,
      text: `Reading a repository in ${name} needs a token again. Who pulls from it without one is refused from the next request on.`,
      confirmLabel: 'Make private',
    };
  }
  return {
    title: `Make ${name} public`,
    text: `Everybody can read every repository in ${name}, those you add later too, without a token.`,
    confirmLabel: 'Make public',
  };
}
