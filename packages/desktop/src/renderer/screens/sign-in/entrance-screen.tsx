import { useEffect, useState } from 'react';
import { Mark } from '../../components/mark.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { useTask } from '../../components/use-task.js';
import { useTransport } from '../../transport/transport-context.js';
import styles from './entrance-screen.module.css';
import { NewAccountForm } from './new-account-form.js';
import { SignInForm } from './sign-in-form.js';

type Shown = 'SIGN_IN' | 'FIRST_ACCOUNT' | 'OWN_ACCOUNT';

/** What a person who is not signed in sees: the sign-in, or the first account. */
export function EntranceScreen() {
  const { accounts } = useTransport();
  const [shown, setShown] = useState<Shown>('SIGN_IN');
  const [signUpsOpen, setSignUpsOpen] = useState(false);
  const [knownUsername, setKnownUsername] = useState<string>();
  const { run, problem } = useTask();

  useEffect(() => {
    document.title = 'Latchkey';
    if (!accounts) return;
    void run(async () => {
      const policy = await accounts.policy();
      setSignUpsOpen(policy.signUpsOpen);
      if (policy.setupRequired) setShown('FIRST_ACCOUNT');
    });
  }, [accounts, run]);

  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark size={36} />
          <span>Latchkey</span>
        </div>
        {problem && (
          <ProblemNotice title="The server does not say what it offers." problem={problem} />
        )}
        {shown === 'SIGN_IN' ? (
          <SignInForm
            initialUsername={knownUsername}
            {...(signUpsOpen && { onMakeAccount: () => setShown('OWN_ACCOUNT') })}
          />
        ) : (
          <NewAccountForm
            first={shown === 'FIRST_ACCOUNT'}
            onMade={(username) => {
              setKnownUsername(username);
              setShown('SIGN_IN');
            }}
            onBack={() => setShown('SIGN_IN')}
          />
        )}
      </div>
    </main>
  );
}
