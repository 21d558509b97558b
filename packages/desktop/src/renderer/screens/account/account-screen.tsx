import { useQuery } from '@apollo/client/react';
import { Link } from 'wouter';
import { Facts } from '../../components/facts.js';
import { scopesText } from '../../components/labels.js';
import { Page, Section } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { TimeAgo } from '../../components/time-ago.js';
import { SkeletonRows } from '../../components/waiting.js';
import { AccountDocument, type AccountQuery } from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import { About } from './about.js';
import styles from './account.module.css';
import { Appearance } from './appearance.js';
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
      <Section title="Namespaces">
        <p className={styles.text}>
          Your repositories are in your namespace. It is private, unless you let everybody read it.{' '}
          <Link href="/account/namespaces">Show namespaces</Link>
        </p>
      </Section>
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
              ? 'Open: anybody who can reach this server can create an account.'
              : 'Closed: nobody can create an account without an administrator.'}{' '}
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
        { name: 'Permissions', value: scopesText(account.permissions) || 'Nothing at present' },
        { name: 'Two-factor sign-in', value: account.twoFactorEnabled ? 'On' : 'Off' },
        { name: 'Created', value: <TimeAgo at={account.createdAt} /> },
      ]}
    />
  );
}
