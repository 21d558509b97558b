import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useNow } from '../components/clock.js';
import { Notice } from '../components/notice.js';
import { notifyDone } from '../components/notify.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { RemovedTokenList } from '../components/removed-token-list.js';
import { timeLeft } from '../components/time-text.js';
import { must, useTask } from '../components/use-task.js';
import type { RemovedAccessToken } from '../transport/transport.js';
import { useSignedIn, useTransport, useTransportState } from '../transport/transport-context.js';
import styles from './banners.module.css';
import { useSignInReport } from './sign-in-report.js';

/** What concerns every page, above it: the connection, this device's own token, what the sign-in removed. */
export function Banners() {
  const state = useTransportState();
  const { sessionToken } = useSignedIn();
  const { sessionToken: canEnsure } = useTransport();
  const { removedAccessTokens, dismiss } = useSignInReport();
  const shown: ReactNode[] = [];

  if (state.connection.status === 'OFFLINE') shown.push(<OfflineBanner key="offline" />);
  if (canEnsure && sessionToken.status === 'REMOVED') {
    shown.push(<RemovedSessionTokenBanner key="token" token={sessionToken.token} />);
  }
  if (removedAccessTokens.length > 0) {
    shown.push(<SignInReportBanner key="report" tokens={removedAccessTokens} onClose={dismiss} />);
  }
  if (state.signInForgottenOnQuit) shown.push(<ForgottenOnQuitBanner key="memory" />);
  return shown.length > 0 ? <div className={styles.banners}>{shown}</div> : null;
}

function OfflineBanner() {
  const { connection } = useTransportState();
  const transport = useTransport();
  const nowMs = useNow();
  const left = connection.retryAt ? timeLeft(Date.parse(connection.retryAt), nowMs) : null;
  return (
    <Notice
      tone="warn"
      announced
      title="There is no connection to the server. You stay signed in."
      actions={
        <Button size="compact-sm" variant="default" onClick={transport.retryConnection}>
          Try now
        </Button>
      }
    >
      {connection.problem?.message} What is shown may be out of date.
      {left && left !== 'less than a minute'
        ? ` The next try is in ${left}.`
        : ' The next try starts on its own.'}
    </Notice>
  );
}

function RemovedSessionTokenBanner({ token }: { token: RemovedAccessToken }) {
  const { sessionToken } = useTransport();
  const task = useTask();
  const ensure = async () => {
    if (!sessionToken) return;
    if (await task.run(async () => must(await sessionToken.ensure()))) {
      notifyDone('This device has a session token again.');
    }
  };
  return (
    <>
      <Notice
        tone="warn"
        announced
        title="The session token of this device was removed."
        actions={
          <Button size="compact-sm" loading={task.pending} onClick={() => void ensure()}>
            Get a new token for this device
          </Button>
        }
      >
        {token.removalNote ??
          'You are still signed in, but programs here can no longer use the token.'}
      </Notice>
      {task.problem && <ProblemNotice title="There is no new token yet." problem={task.problem} />}
    </>
  );
}

function SignInReportBanner(props: { tokens: readonly RemovedAccessToken[]; onClose: () => void }) {
  const count = props.tokens.length;
  return (
    <Notice
      tone="info"
      announced
      title={`Signing in removed ${count === 1 ? 'a session token' : `${count} session tokens`}.`}
      onClose={props.onClose}
    >
      <RemovedTokenList tokens={props.tokens} />
    </Notice>
  );
}

function ForgottenOnQuitBanner() {
  const [closed, setClosed] = useState(false);
  if (closed) return null;
  return (
    <Notice
      tone="info"
      title="This sign-in is forgotten when the app quits."
      onClose={() => setClosed(true)}
    >
      This system offers no keychain, so the session is kept in memory only. With a keychain, such
      as GNOME Keyring or KWallet, it would be kept safely.
    </Notice>
  );
}
