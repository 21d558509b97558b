import type { ApolloCache } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { counted } from '../../components/labels.js';
import { Notice } from '../../components/notice.js';
import { TimeAgo } from '../../components/time-ago.js';
import { useTask } from '../../components/use-task.js';
import { programOf } from '../../components/user-agent.js';
import {
  RecentCallersDocument,
  type RecentCallersQuery,
  type TokenFieldsFragment,
  TokenFieldsFragmentDoc,
} from '../../graphql/generated/operations.js';
import styles from './recent-callers.module.css';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
/** Of a longer selection the most recently used are told: each takes a request. */
const TOKENS_ASKED_AT_MOST = 20;
const CALLERS_SHOWN = 4;

type Caller = NonNullable<RecentCallersQuery['accessToken']>['recentCallers'][number];

interface TokenCallers {
  readonly token: TokenFieldsFragment;
  readonly callers: readonly Caller[];
}

interface Answer {
  readonly used: readonly TokenCallers[];
  /** How many of those that were not asked about were used too. */
  readonly moreCount: number;
}

/** Who used these tokens in the last seven days. */
export function RecentCallers({ tokens }: { tokens: readonly TokenFieldsFragment[] }) {
  const client = useApolloClient();
  const { run, problem } = useTask();
  const [answer, setAnswer] = useState<Answer>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, for the tokens it was opened with
  useEffect(() => {
    const latestFirst = tokens
      .map((token) => asItIsNow(client.cache, token))
      .toSorted((one, other) => lastUse(other) - lastUse(one));
    void run(async () => {
      const answers = await Promise.all(
        latestFirst.slice(0, TOKENS_ASKED_AT_MOST).map(async (token) => {
          const { data } = await client.query({
            query: RecentCallersDocument,
            variables: { id: token.id },
            fetchPolicy: 'network-only',
          });
          return { token, callers: data?.accessToken?.recentCallers ?? [] };
        }),
      );
      setAnswer({
        used: answers.filter(({ callers }) => callers.length > 0),
        moreCount: latestFirst.slice(TOKENS_ASKED_AT_MOST).filter(usedThisWeek).length,
      });
    });
  }, []);

  if (problem) {
    return (
      <Notice tone="warn" title="Who used them lately is not known.">
        {problem.message}
      </Notice>
    );
  }
  if (!answer) return <Loader size="xs" aria-label="Looking who used them lately" />;
  const { used, moreCount } = answer;
  const usedCount = used.length + moreCount;
  if (usedCount === 0) {
    return (
      <Notice tone="good">
        Nobody used {tokens.length === 1 ? 'it' : 'them'} in the last seven days.
      </Notice>
    );
  }
  return (
    <Notice
      tone="warn"
      title={`${tokens.length === 1 ? 'It was' : `${usedCount} of ${counted(tokens.length, 'token')} were`} used in the last seven days. What uses ${tokens.length === 1 ? 'it' : 'them'} will be refused.`}
    >
      <ul className={styles.list}>
        {used.map(({ token, callers }) => (
          <li key={token.id}>
            {tokens.length > 1 && <strong>{token.description}</strong>}
            <CallerLines callers={callers} />
          </li>
        ))}
      </ul>
      {moreCount > 0 && <p className={styles.more}>and {counted(moreCount, 'more token')}</p>}
    </Notice>
  );
}

function CallerLines({ callers }: { callers: readonly Caller[] }) {
  return (
    <ul className={styles.callers}>
      {callers.slice(0, CALLERS_SHOWN).map((caller) => (
        <li key={`${caller.ipAddress} ${caller.userAgent}`}>
          <code>{programOf(caller.userAgent) ?? 'An unnamed program'}</code>
          {caller.ipAddress && <> from {caller.ipAddress}</>}, {counted(caller.useCount, 'time')},
          last <TimeAgo at={caller.lastUsedAt} />
        </li>
      ))}
      {callers.length > CALLERS_SHOWN && <li>and {callers.length - CALLERS_SHOWN} more</li>}
    </ul>
  );
}

/** A token may have been used since it was selected, and the cache hears of every use. */
function asItIsNow(cache: ApolloCache, token: TokenFieldsFragment): TokenFieldsFragment {
  return (
    cache.readFragment({
      from: { __typename: 'AccessToken', id: token.id },
      fragment: TokenFieldsFragmentDoc,
    }) ?? token
  );
}

function lastUse({ lastUsedAt }: TokenFieldsFragment): number {
  return lastUsedAt === null ? 0 : Date.parse(lastUsedAt);
}

function usedThisWeek(token: TokenFieldsFragment): boolean {
  return lastUse(token) > Date.now() - WEEK_MS;
}
