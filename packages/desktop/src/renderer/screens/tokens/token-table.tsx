import { VisuallyHidden } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'wouter';
import { KIND_LABELS } from '../../components/labels.js';
import { RowCheckbox } from '../../components/row-checkbox.js';
import { ScopeSet } from '../../components/scope-set.js';
import { StatusBadge } from '../../components/status-badge.js';
import table from '../../components/table.module.css';
import { TimeAgo } from '../../components/time-ago.js';
import { TokenEnd } from '../../components/token-end.js';
import type { AccessTokenOrder, TokenFieldsFragment } from '../../graphql/generated/operations.js';
import { SortHeader } from './sort-header.js';
import { TokenMenu } from './token-menu.js';
import styles from './token-table.module.css';
import type { Selection } from './use-selection.js';

interface TokenTableProps {
  readonly tokens: readonly TokenFieldsFragment[];
  readonly order: AccessTokenOrder;
  readonly onOrder: (order: AccessTokenOrder) => void;
  /** The tokens are those that are gone: when they went is told, and not when they would have expired. */
  readonly removed: boolean;
  readonly selection: Selection;
  /** Another part of the list is on its way. */
  readonly busy: boolean;
}

export function TokenTable({ tokens, order, onOrder, removed, selection, busy }: TokenTableProps) {
  const selectable = tokens.filter(({ status }) => status !== 'REMOVED');
  const selectedCount = selectable.filter(({ id }) => selection.has(id)).length;
  const sort = { order, onOrder };
  return (
    <div data-busy={busy || undefined}>
      <table className={`${table.table} ${styles.tokens}`} aria-busy={busy}>
        <thead>
          <tr>
            <th className={styles.select}>
              <RowCheckbox
                label="Select all tokens on this page"
                checked={selectable.length > 0 && selectedCount === selectable.length}
                indeterminate={selectedCount > 0 && selectedCount < selectable.length}
                disabled={selectable.length === 0}
                onChange={(checked) => selection.set(selectable, checked)}
              />
            </th>
            <SortHeader label="Description" ascending="DESCRIPTION_ASC" {...sort} />
            <th className={styles.scopes}>Scopes</th>
            <th className={styles.status}>Status</th>
            <SortHeader
              label="Created"
              className={styles.created}
              ascending="CREATED_AT_ASC"
              descending="CREATED_AT_DESC"
              {...sort}
            />
            <SortHeader
              label="Last used"
              className={styles.used}
              ascending="LAST_USED_AT_ASC"
              descending="LAST_USED_AT_DESC"
              {...sort}
            />
            {removed ? (
              <th className={styles.time}>Removed</th>
            ) : (
              <SortHeader
                label="Expires"
                className={styles.time}
                ascending="EXPIRES_AT_ASC"
                {...sort}
              />
            )}
            <th className={styles.menu}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow
              key={token.id}
              token={token}
              removed={removed}
              selected={selection.has(token.id)}
              onSelect={selection.set}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TokenRowProps {
  readonly token: TokenFieldsFragment;
  readonly removed: boolean;
  readonly selected: boolean;
  readonly onSelect: Selection['set'];
}

const TokenRow = memo(function TokenRow({ token, removed, selected, onSelect }: TokenRowProps) {
  return (
    <tr data-selected={selected || undefined}>
      <td className={styles.select}>
        <RowCheckbox
          label={`Select ${token.description}`}
          checked={selected}
          disabled={token.status === 'REMOVED'}
          onChange={(checked) => onSelect([token], checked)}
        />
      </td>
      <td className={styles.description}>
        <Link
          href={`/tokens/${encodeURIComponent(token.id)}`}
          className={styles.name ?? ''}
          title={token.description}
        >
          {token.description}
        </Link>
        <span className={`${table.clipped} ${styles.facts}`}>
          <span className={table.mono}>{token.hint}</span> · {KIND_LABELS[token.kind]}
          <span className={styles.inline}>
            {' '}
            <TimeAgo at={token.createdAt} />
          </span>
        </span>
      </td>
      <td className={styles.scopesCell}>
        <ScopeSet scopes={token.scopes} />
      </td>
      <td className={styles.statusCell}>
        <StatusBadge status={token.status} />
      </td>
      <td className={styles.created}>
        <TimeAgo at={token.createdAt} />
      </td>
      <td data-label="Last used">
        {token.lastUsedAt ? <TimeAgo at={token.lastUsedAt} /> : <Quiet>never</Quiet>}
        {token.lastUsedFrom && (
          <span className={table.clipped} title={token.lastUsedFrom}>
            {token.lastUsedFrom}
          </span>
        )}
      </td>
      <td data-label={endLabel(token)}>
        {removed ? <Removed token={token} /> : <TokenEnd token={token} />}
      </td>
      <td className={`${table.end} ${styles.menuCell}`}>
        <TokenMenu token={token} />
      </td>
    </tr>
  );
});

function Removed({ token: { removedAt } }: { token: TokenFieldsFragment }) {
  return removedAt && <TimeAgo at={removedAt} />;
}

function endLabel({ status }: TokenFieldsFragment): string {
  if (status === 'REMOVED') return 'Removed';
  return status === 'EXPIRED' ? 'Expired' : 'Expires';
}

function Quiet({ children }: { children: string }) {
  return <span className={styles.quiet}>{children}</span>;
}
