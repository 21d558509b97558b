import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconLogout } from '@tabler/icons-react';
import { useState } from 'react';
import { useNow } from '../components/clock.js';
import { notifyProblem } from '../components/notify.js';
import { exactTime, timeLeft } from '../components/time-text.js';
import { useSignedIn, useTransport } from '../transport/transport-context.js';
import { ReauthenticateDialog } from './reauthenticate-dialog.js';
import styles from './session-foot.module.css';

/** Who is signed in and until when: always in sight, with a way to stay when the end is near. */
export function SessionFoot() {
  const session = useSignedIn();
  const transport = useTransport();
  const nowMs = useNow();
  const [asking, setAsking] = useState(false);
  const [signingOut, setSigningOut] = useState(false);
  const endsMs = Date.parse(session.expiresAt);
  const left = timeLeft(endsMs, nowMs);

  const signOut = async () => {
    setSigningOut(true);
    const outcome = await transport.signOut();
    setSigningOut(false);
    if (!outcome.ok) notifyProblem('You are still signed in.', outcome.problem);
  };

  return (
    <section aria-label="Your session" className={styles.foot}>
      <div className={styles.who}>
        <span className={styles.name} title={session.account.username}>
          {session.account.username}
        </span>
        <Tooltip label="Sign out">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="md"
            aria-label="Sign out"
            loading={signingOut}
            onClick={() => void signOut()}
          >
            <IconLogout size={17} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </div>
      <p
        className={styles.until}
        data-warning={session.warning ?? undefined}
        title={`This session ends on ${exactTime(endsMs)}`}
      >
        {session.warning && <IconAlertTriangle size={14} aria-hidden />}
        <span>{left ? `Session ends in ${left}` : 'This session has ended'}</span>
      </p>
      {session.warning && (
        <Button fullWidth size="compact-sm" onClick={() => setAsking(true)}>
          Stay signed in
        </Button>
      )}
      <ReauthenticateDialog opened={asking} onClose={() => setAsking(false)} />
    </section>
  );
}
