import { Loader, VisuallyHidden } from '@mantine/core';
import { Mark } from '../components/mark.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { usePatienceOver } from '../components/waiting.js';
import { useTransport, useTransportState } from '../transport/transport-context.js';
import styles from './starting-screen.module.css';

/** Until it is known whether somebody is signed in: nothing but the mark, and what is in the way. */
export function StartingScreen() {
  const { connection } = useTransportState();
  const transport = useTransport();
  const slow = usePatienceOver(true);
  return (
    <main className={styles.screen}>
      <h1>
        <Mark size={48} />
        <VisuallyHidden>Latchkey</VisuallyHidden>
      </h1>
      {connection.problem ? (
        <div className={styles.problem}>
          <ProblemNotice
            title="The server cannot be reached."
            problem={connection.problem}
            onRetry={transport.retryConnection}
          />
        </div>
      ) : (
        slow && <Loader size="sm" role="status" aria-label="Connecting to the server" />
      )}
    </main>
  );
}
