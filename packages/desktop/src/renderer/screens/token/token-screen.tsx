import '@mantine/charts/styles.css';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState } from '../../components/empty-state.js';
import { Page, Section } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusBadge } from '../../components/status-badge.js';
import { SkeletonRows } from '../../components/waiting.js';
import { TokenDocument, type TokenQuery } from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import { UsageFeed } from '../activity/usage-feed.js';
import { useWayBack } from '../tokens/list-place.js';
import { TokenMenu } from '../tokens/token-menu.js';
import { RefusalNotice } from './refusal-notice.js';
import { TokenFacts } from './token-facts.js';
import { UsageChart } from './usage-chart.js';

export default function TokenScreen({ id }: { id: string }) {
  const back = useWayBack();
  const { data, error, loading, refetch } = useQuery(TokenDocument, { variables: { id } });
  // `data` may hold half of the token while the rest is on its way.
  const token = data?.accessToken as TokenQuery['accessToken'] | undefined;

  if (error && !token) {
    return (
      <Page title="Token" back={back}>
        <ProblemNotice
          title="The token could not be loaded."
          problem={problemOf(error)}
          onRetry={() => void refetch()}
        />
      </Page>
    );
  }
  if (!token) {
    return (
      <Page title="Token" back={back}>
        {loading ? <SkeletonRows label="The token is loading" /> : <NoSuchToken />}
      </Page>
    );
  }
  return (
    <Page
      title={token.description}
      back={back}
      aside={<StatusBadge status={token.status} />}
      action={<TokenActions token={token} />}
    >
      <RefusalNotice token={token} />
      <TokenFacts token={token} />
      {token.usageByDay.some(({ allowed, refused }) => allowed + refused > 0) && (
        <Section title="Uses in the last 30 days">
          <UsageChart days={token.usageByDay} />
        </Section>
      )}
      <Section title="Uses">
        <UsageFeed accessTokenId={id} outcome={null} />
      </Section>
    </Page>
  );
}

function TokenActions({ token }: { token: NonNullable<TokenQuery['accessToken']> }) {
  const rotatable =
    token.kind !== 'SESSION' && (token.status === 'ACTIVE' || token.status === 'INACTIVE');
  return (
    <>
      {rotatable && (
        <Button
          component={Link}
          href={`/tokens/${encodeURIComponent(token.id)}/rotate`}
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
        >
          Rotate
        </Button>
      )}
      <TokenMenu token={token} />
    </>
  );
}

function NoSuchToken() {
  return (
    <EmptyState
      title="There is no such token."
      action={
        <Button component={Link} href="/tokens" variant="default">
          Show the tokens
        </Button>
      }
    >
      It was removed long ago, or the address belongs to another account.
    </EmptyState>
  );
}
