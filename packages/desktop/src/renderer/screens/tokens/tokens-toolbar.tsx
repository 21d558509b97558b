import { LIMITS } from '@latchkey/shared';
import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { KIND_LABELS, STATUS_LABELS } from '../../components/labels.js';
import type { AccessTokenKind, AccessTokenStatus } from '../../graphql/generated/operations.js';
import { type ListView, UNUSED_DAYS, type UnusedDays } from './list-view.js';
import styles from './toolbar.module.css';

const SEARCH_AFTER_MS = 200;
const UNUSED = UNUSED_DAYS.map((days) => ({ value: days, label: `Unused for ${days} days` }));

interface TokensToolbarProps {
  readonly view: ListView;
  readonly onChange: (change: Partial<ListView>) => void;
}

export function TokensToolbar({ view, onChange }: TokensToolbarProps) {
  const [search, setSearch] = useState(view.search);
  const [written, setWritten] = useState(view.search);
  const searchSoon = useDebouncedCallback((text: string) => {
    setWritten(text);
    onChange({ search: text });
  }, SEARCH_AFTER_MS);
  // Reset from elsewhere ("Show all tokens", the browser's back) reaches the field; typing is never undone.
  if (view.search !== written) {
    setWritten(view.search);
    setSearch(view.search);
  }

  return (
    <search className={styles.toolbar}>
      <TextInput
        className={styles.search ?? ''}
        size="sm"
        type="search"
        aria-label="Search tokens"
        placeholder="Search by description or last characters"
        maxLength={LIMITS.searchMaxLength}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          searchSoon(event.currentTarget.value.trim());
        }}
      />
      <Select<AccessTokenStatus>
        className={styles.filter ?? ''}
        size="sm"
        aria-label="Status"
        placeholder="Any status"
        clearable
        data={entries(STATUS_LABELS)}
        value={view.status}
        onChange={(status) => onChange({ status })}
      />
      <Select<AccessTokenKind>
        className={styles.filter ?? ''}
        size="sm"
        aria-label="Kind"
        placeholder="Any kind"
        clearable
        data={entries({ PERSONAL: KIND_LABELS.PERSONAL, SESSION: KIND_LABELS.SESSION })}
        value={view.kind}
        onChange={(kind) => onChange({ kind })}
      />
      <Select<UnusedDays>
        className={styles.filter ?? ''}
        size="sm"
        aria-label="Last used"
        placeholder="Any use"
        clearable
        data={UNUSED}
        value={view.unused}
        onChange={(unused) =>
          onChange({ unused, ...(unused && { order: 'LAST_USED_AT_ASC' as const }) })
        }
      />
    </search>
  );
}

function entries<Value extends string>(words: Readonly<Partial<Record<Value, string>>>) {
  return (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value] ?? value }));
}
