import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { EmptyState } from '../components/empty-state.js';
import { Page } from '../components/page.js';

export function NotFoundScreen() {
  return (
    <Page title="Not found">
      <EmptyState
        title="There is no page at this address."
        action={
          <Button component={Link} href="/tokens" variant="default">
            Show the tokens
          </Button>
        }
      >
        The address may be mistyped, or what it showed may be gone.
      </EmptyState>
    </Page>
  );
}
