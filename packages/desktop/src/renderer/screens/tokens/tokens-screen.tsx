import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { EmptyState } from '../../components/empty-state.js';
import { counted } from '../../components/labels.js';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SkeletonRows, usePatienceOver } from '../../components/waiting.js';
import { TokensDocument, type TokensQuery } from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import { DeleteTokensDialog } from './delete-tokens-dialog.js';
import { useCursors } from './list-place.js';
import {
  isNarrowed,
  type ListView,
  PAGE_LENGTH,
  readListView,
  toVariables,
  writeListView,
} from './list-view.js';
import { Pager } from './pager.js';
import { SelectionBar } from './selection-bar.js';
import { TokenTable } from './token-table.js';
import { TokensToolbar } from './tokens-toolbar.js';
import styles from './toolbar.module.css';
import { useSelection } from './use-selection.js';

export function TokensScreen() {
  const [address, setAddress] = useSearchParams();
  const view = readListView(address);
  const [cursors, setCursors] = useCursors(writeListView(view).toString());
  const selection = useSelection();
  const [deleting, setDeleting] = useState(false);
  const query = useQuery(TokensDocument, {
    variables: toVariables(view, cursors.at(-1) ?? null),
    notifyOnNetworkStatusChange: true,
  });
  const latest = (query.data ?? query.previousData) as TokensQuery | undefined;
  // Beside rows that are there already, the next fifty are drawn in slices, between which the page goes on answering.
  const data = useDeferredValue(latest) ?? latest;
  const settled = !query.loading && data === latest;
  const busy = usePatienceOver(query.networkStatus === NetworkStatus.setVariables);
  const tokens = data?.accessTokens.edges.map(({ node }) => node) ?? [];
  const matching = data?.accessTokens.totalCount ?? 0;

  const show = (change: Partial<ListView>) =>
    setAddress(writeListView({ ...view, ...change }), { replace: true });

  // A page that was emptied, by a delete say, gives way to the one before it.
  const emptied = settled && tokens.length === 0 && cursors.length > 0;
  useEffect(() => {
    if (emptied) setCursors(cursors.slice(0, -1));
  }, [emptied, cursors, setCursors]);

  return (
    <Page
      title="Tokens"
      aside={data && countsText(data)}
      action={
        <Button component={Link} href="/tokens/new" leftSection={<IconPlus size={16} />}>
          Create token
        </Button>
      }
    >
      <div className={styles.sticky}>
        {selection.size > 0 ? (
          <SelectionBar
            selection={selection}
            view={view}
            matching={matching}
            onDelete={() => setDeleting(true)}
          />
        ) : (
          <TokensToolbar view={view} onChange={show} />
        )}
      </div>
      {query.error && (
        <ProblemNotice
          title="The tokens could not be loaded."
          problem={problemOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      )}
      {!data && !query.error && <SkeletonRows label="The tokens are loading" count={10} />}
      {data && tokens.length === 0 && settled && <NoTokens view={view} onReset={show} />}
      {tokens.length > 0 && (
        <>
          <div className={styles.list}>
            <TokenTable
              tokens={tokens}
              order={view.order}
              removed={view.status === 'REMOVED'}
              onOrder={(order) => show({ order })}
              selection={selection}
              busy={busy}
            />
          </div>
          <Pager
            start={cursors.length * PAGE_LENGTH}
            shown={tokens.length}
            total={matching}
            onPrevious={cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : undefined}
            onNext={nextOf(data, (cursor) => {
              // Clicked while another page is on its way, it would lead on from the rows that are about to go.
              if (data === query.data) setCursors([...cursors, cursor]);
            })}
          />
        </>
      )}
      <DeleteTokensDialog
        tokens={deleting ? selection.tokens : []}
        onClose={() => setDeleting(false)}
        onDeleted={selection.remove}
      />
    </Page>
  );
}

function NoTokens(props: { view: ListView; onReset: (change: Partial<ListView>) => void }) {
  if (isNarrowed(props.view)) {
    return (
      <EmptyState
        title="No token matches."
        action={
          <Button
            variant="default"
            onClick={() => props.onReset({ search: '', status: null, kind: null, unused: null })}
          >
            Show all tokens
          </Button>
        }
      >
        The search looks in descriptions and in the last four characters of secrets.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="There are no tokens yet."
      action={
        <Button component={Link} href="/tokens/new" variant="default">
          Create token
        </Button>
      }
    >
      docker, git and scripts use a token in place of your password. It can do less than you can,
      and you can deactivate it at any time.
    </EmptyState>
  );
}

function countsText({ all }: TokensQuery): string {
  const { activeCount, inactiveCount } = all;
  return `${counted(activeCount, 'active', 'active')} · ${counted(inactiveCount, 'inactive', 'inactive')}`;
}

function nextOf(
  data: TokensQuery | undefined,
  go: (cursor: string) => void,
): (() => void) | undefined {
  const { hasNextPage, endCursor } = data?.accessTokens.pageInfo ?? {};
  return hasNextPage && endCursor ? () => go(endCursor) : undefined;
}
