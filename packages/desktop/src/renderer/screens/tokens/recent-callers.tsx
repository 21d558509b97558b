import { useApolloClient } from '@apollo/client/react';
import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Notice } from '../../components/notice.js';
import { TimeAgo } from '../../components/time-ago.js';
import { useTask } from '../../components/use-task.js';
import { programOf } from '../../components/user-agent.js';
import { counted } from '../../components/words.js';
import {
  RecentCallersDocument,
  type RecentCallersQuery,
  type TokenFieldsFragment,
} from '../../graphql/generated/operations.js';
import styles from './recent-callers.module.css';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
/** For a longer selection the most recently used are told; asking for all would take a request each. */
const TOKENS_ASKED_AT_MOST = 20;
const CALLERS_SHOWN = 4;

type Caller = NonNullable<RecentCallersQuery['accessToken']>['recentCallers'][number];

interface TokenCallers {
  readonly token: TokenFieldsFragment;
  readonly callers: readonly Caller[];
}

/** Who used these tokens in the last seven days. */
export function RecentCallers({ tokens }: { tokens: readonly TokenFieldsFragment[] }) {
  const client = useApolloClient();
  const { run, problem } = useTask();
  const [used, setUsed] = useState<readonly TokenCallers[]>();
  const recent = tokens.filter(usedThisWeek);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, for the tokens it was opened with
  useEffect(() => {
    const asked = recent.slice(0, TOKENS_ASKED_AT_MOST);
    void run(async () => {
      const answers = await Promise.all(
        asked.map(async (token) => {
          const { data } = await client.query({
            query: RecentCallersDocument,
            variables: { id: token.id },
            fetchPolicy: 'network-only',
          });
          return { token, callers: data?.accessToken?.recentCallers ?? [] };
        }),
      );
      setUsed(answers.filter(({ callers }) => callers.length > 0));
    });
  }, []);

  if (problem) {
    return (
      <Notice tone="warn" title="Who used them lately is not known.">
        {problem.message}
      </Notice>
    );
  }
  if (!used) return <Loader size="xs" aria-label="Looking who used them lately" />;
  if (used.length === 0) {
    return (
      <Notice tone="good">
        Nobody used {tokens.length === 1 ? 'it' : 'them'} in the last seven days.
      </Notice>
    );
  }
  return (
    <Notice
      tone="warn"
      title={`${used.length === 1 && tokens.length === 1 ? 'It was' : `${recent.length} of ${counted(tokens.length, 'token')} were`} used in the last seven days. What uses ${tokens.length === 1 ? 'it' : 'them'} will be refused.`}
    >
      <ul className={styles.list}>
        {used.map(({ token, callers }) => (
          <li key={token.id}>
            {tokens.length > 1 && <strong>{token.description}</strong>}
            <CallerLines callers={callers} />
          </li>
        ))}
      </ul>
      {recent.length > used.length && (
        <p className={styles.more}>and {counted(recent.length - used.length, 'more token')}</p>
      )}
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

function usedThisWeek({ lastUsedAt }: TokenFieldsFragment): boolean {
  return lastUsedAt !== null && Date.parse(lastUsedAt) > Date.now() - WEEK_MS;
}
