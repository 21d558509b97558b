import { useQuery } from '@apollo/client/react';
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { TokenNameDocument, TokenNamesDocument } from '../../graphql/generated/operations.js';
import styles from './activity.module.css';

const SEARCH_AFTER_MS = 200;

interface TokenSelectProps {
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}

/** Picks one token. The server searches, so that it serves for a thousand. */
export function TokenSelect({ value, onChange }: TokenSelectProps) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, SEARCH_AFTER_MS);
  const found = useQuery(TokenNamesDocument, { variables: { search: search || null } });
  const chosen = useQuery(TokenNameDocument, { variables: { id: value ?? '' }, skip: !value });
  const names = new Map<string, string>(
    (found.data ?? found.previousData)?.accessTokens?.edges?.flatMap((edge) =>
      edge?.node?.id
        ? [[edge.node.id, `${edge.node.description}  ${edge.node.hint}`] as const]
        : [],
    ),
  );
  const current = chosen.data?.accessToken;
  if (value && current?.id === value && !names.has(value)) {
    names.set(value, `${current.description}  ${current.hint}`);
  }

  return (
    <Select
      className={styles.token ?? ''}
      size="sm"
      aria-label="Token"
      placeholder="Any token"
      searchable
      clearable
      nothingFoundMessage="No token matches."
      // The server has searched already.
      filter={({ options }) => options}
      maxDropdownHeight={280}
      data={[...names].map(([id, label]) => ({ value: id, label }))}
      value={value}
      onChange={onChange}
      onSearchChange={(typed) => setText([...names.values()].includes(typed) ? '' : typed)}
    />
  );
}
