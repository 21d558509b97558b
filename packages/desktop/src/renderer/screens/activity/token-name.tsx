import { useQuery } from '@apollo/client/react';
import { Link } from 'wouter';
import table from '../../components/table.module.css';
import { TokenNameDocument } from '../../graphql/generated/operations.js';
import styles from './activity.module.css';

/** A token's description by its id; asked for once, where no list brought it. */
export function TokenName({ id }: { id: string }) {
  const { data } = useQuery(TokenNameDocument, { variables: { id }, fetchPolicy: 'cache-first' });
  const token = data?.accessToken;
  return (
    <Link href={`/tokens/${encodeURIComponent(id)}`} className={table.link ?? ''}>
      <span className={styles.what} title={token?.description}>
        {token?.description ?? 'a token'}
      </span>
      <span className={`${table.clipped} ${table.mono}`}>{token?.hint}</span>
    </Link>
  );
}
