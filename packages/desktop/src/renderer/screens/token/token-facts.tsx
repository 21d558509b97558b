import type { ReactNode } from 'react';
import { counted, KIND_LABELS, scopesText } from '../../components/labels.js';
import { TimeAgo } from '../../components/time-ago.js';
import { TokenEnd } from '../../components/token-end.js';
import type { TokenQuery } from '../../graphql/generated/operations.js';
import { SessionName } from '../sessions/session-name.js';
import styles from './token-facts.module.css';

type Token = NonNullable<TokenQuery['accessToken']>;

export function TokenFacts({ token }: { token: Token }) {
  return (
    <dl className={styles.facts}>
      <Fact name="Scopes">{scopesText(token.scopes)}</Fact>
      <Fact name="Kind">{KIND_LABELS[token.kind]}</Fact>
      <Fact name="Secret">
        <code className={styles.hint}>{token.hint}</code>
      </Fact>
      <Fact name="Created">
        <TimeAgo at={token.createdAt} />
      </Fact>
      {token.status !== 'REMOVED' && (
        <Fact name={token.status === 'EXPIRED' ? 'Expired' : 'Expires'}>
          <TokenEnd token={token} />
        </Fact>
      )}
      <Fact name="Last used">
        {token.lastUsedAt ? <TimeAgo at={token.lastUsedAt} /> : 'Never'}
        {token.lastUsedFrom && <span className={styles.second}>from {token.lastUsedFrom}</span>}
      </Fact>
      <Fact name="Used">{counted(token.useCount, 'time')}</Fact>
      {token.session && (
        <Fact name="Session">
          <SessionName session={token.session} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
