import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import table from '../../components/table.module.css';
import type { AccessTokenOrder } from '../../graphql/generated/operations.js';

interface SortHeaderProps {
  readonly label: string;
  readonly className?: string | undefined;
  /** The orders in which this column can be sorted; at least one. */
  readonly ascending?: AccessTokenOrder;
  readonly descending?: AccessTokenOrder;
  readonly order: AccessTokenOrder;
  readonly onOrder: (order: AccessTokenOrder) => void;
}

export function SortHeader({
  label,
  className,
  ascending,
  descending,
  order,
  onOrder,
}: SortHeaderProps) {
  const direction =
    order === ascending ? 'ascending' : order === descending ? 'descending' : undefined;
  const first = descending ?? ascending;
  const second = descending && ascending ? ascending : 'CREATED_AT_DESC';
  // Pressed again, the column's other order; where it has none, the usual order of the list.
  const next = direction === undefined || order !== first ? first : second;
  const Arrow = direction === 'ascending' ? IconArrowUp : IconArrowDown;
  return (
    <th className={className} aria-sort={direction ?? 'none'}>
      <button
        type="button"
        className={table.sort}
        data-active={direction}
        onClick={() => next && onOrder(next)}
      >
        {label}
        {direction && <Arrow size={13} aria-hidden />}
      </button>
    </th>
  );
}
