import { useQuery } from '@apollo/client/react';
import { scopeWords } from '../../components/labels.js';
import { Page, Section } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { TimeAgo } from '../../components/time-ago.js';
import { SkeletonRows } from '../../components/waiting.js';
import { AccountDocument, type AccountQuery } from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import { About } from './about.js';
import styles from './account.module.css';
import { Appearance } from './appearance.js';
import { Facts } from './facts.js';
import { PasswordForm } from './password-form.js';

export function AccountScreen() {
  const { data, error, refetch } = useQuery(AccountDocument);
  return (
    <Page title="Account" narrow>
      {error && (
        <ProblemNotice
          title="Your account could not be loaded."
          problem={problemOf(error)}
          onRetry={() => void refetch()}
        />
      )}
      {!data && !error && <SkeletonRows label="Your account is loading" count={5} />}
      {data && <AccountFacts account={data.viewer.account} />}
      <Section title="Password">
        <PasswordForm />
      </Section>
      <Section title="Appearance">
        <Appearance />
      </Section>
      {data?.viewer.account.role === 'ADMINISTRATOR' && (
        <Section title="Sign-ups">
          <p className={styles.text}>
            {data.serverInfo.signUpsOpen
              ? 'Open: whoever reaches this server can make an account.'
              : 'Closed: nobody can make an account by themselves.'}{' '}
            It is set on the server, with <code>LATCHKEY_SIGN_UPS</code>.
          </p>
        </Section>
      )}
      <Section title="About">
        <About serverInfo={data?.serverInfo} />
      </Section>
    </Page>
  );
}

function AccountFacts({ account }: { account: AccountQuery['viewer']['account'] }) {
  return (
    <Facts
      facts={[
        { name: 'Username', value: account.username },
        { name: 'Email', value: account.email },
        { name: 'Role', value: account.role === 'ADMINISTRATOR' ? 'Administrator' : 'Member' },
        { name: 'Permissions', value: scopeWords(account.permissions) || 'Nothing at present' },
        { name: 'Two-factor sign-in', value: account.twoFactorEnabled ? 'On' : 'Off' },
        { name: 'Account made', value: <TimeAgo at={account.createdAt} /> },
      ]}
    />
  );
}
