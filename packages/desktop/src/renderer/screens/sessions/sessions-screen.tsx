import { useApolloClient, useMutation, useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { counted } from '../../components/labels.js';
import { notifyDone } from '../../components/notify.js';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { must } from '../../components/use-task.js';
import { SkeletonRows } from '../../components/waiting.js';
import {
  EndOtherSessionsDocument,
  EndSessionDocument,
  type SessionFieldsFragment,
  SessionsDocument,
} from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import { useSignedIn, useTransport } from '../../transport/transport-context.js';
import { sessionName } from './session-name.js';
import { SessionTable } from './session-table.js';

type Ending = SessionFieldsFragment | 'OTHERS';

export function SessionsScreen() {
  const client = useApolloClient();
  const { data, error, refetch } = useQuery(SessionsDocument);
  const [endSession] = useMutation(EndSessionDocument);
  const [endOtherSessions] = useMutation(EndOtherSessionsDocument);
  const { sessionId } = useSignedIn();
  const transport = useTransport();
  const [ending, setEnding] = useState<Ending>();
  const sessions = data?.sessions.filter(({ endedAt }) => endedAt === null) ?? [];
  const others = sessions.filter(({ id }) => id !== sessionId);

  const end = async (target: Ending) => {
    if (target === 'OTHERS') {
      await endOtherSessions();
      notifyDone(`${counted(others.length, 'session')} ended.`);
    } else if (target.id === sessionId) {
      must(await transport.signOut());
      return;
    } else {
      await endSession({ variables: { id: target.id } });
      notifyDone(`The session on ${sessionName(target)} has ended.`);
    }
    await client.refetchQueries({ include: [SessionsDocument] });
  };

  return (
    <Page
      title="Sessions and devices"
      aside={data && counted(sessions.length, 'session')}
      action={
        others.length > 0 && (
          <Button variant="default" onClick={() => setEnding('OTHERS')}>
            End all other sessions
          </Button>
        )
      }
    >
      {error && (
        <ProblemNotice
          title="The sessions could not be loaded."
          problem={problemOf(error)}
          onRetry={() => void refetch()}
        />
      )}
      {!data && !error && <SkeletonRows label="The sessions are loading" count={4} />}
      {sessions.length > 0 && (
        <SessionTable sessions={sessions} currentId={sessionId} onEnd={setEnding} />
      )}
      <ConfirmDialog
        opened={ending !== undefined}
        onClose={() => setEnding(undefined)}
        problemTitle="The session was not ended."
        onConfirm={async () => {
          if (ending) await end(ending);
        }}
        {...(ending && endingWords(ending, others.length, sessionId))}
      />
    </Page>
  );
}

function endingWords(ending: Ending, otherCount: number, sessionId: string) {
  if (ending === 'OTHERS') {
    return {
      title: 'End all other sessions',
      text: 'Every other device is signed out at once, and its session token stops working. Programs there need a new sign-in.',
      confirmLabel: `End ${counted(otherCount, 'session')}`,
    };
  }
  if (ending.id === sessionId) {
    return {
      title: 'Sign out here',
      text: 'This is the session you are using. You are signed out, and its session token stops working.',
      confirmLabel: 'Sign out',
    };
  }
  return {
    title: `End the session on ${sessionName(ending)}`,
    text: 'The device is signed out at once, and its session token stops working. Programs there need a new sign-in.',
    confirmLabel: 'End the session',
  };
}
