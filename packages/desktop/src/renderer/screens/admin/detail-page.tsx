import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { EmptyState } from '../../components/empty-state.js';
import { Page } from '../../components/page.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SkeletonRows } from '../../components/waiting.js';
import type { Problem } from '../../transport/transport.js';
import { BACK_TO_LIST } from './way-back.js';

interface MissingPageProps {
  readonly title: string;
  readonly loading: boolean;
  readonly problem: Problem | undefined;
  readonly onRetry: () => void;
}

/** A page whose subject is not there: not yet, not for now, or not at all. */
export function MissingPage({ title, loading, problem, onRetry }: MissingPageProps) {
  return (
    <Page title={title} back={BACK_TO_LIST}>
      {problem && (
        <ProblemNotice title="It could not be loaded." problem={problem} onRetry={onRetry} />
      )}
      {!problem && loading && <SkeletonRows label="It is loading" count={4} />}
      {!problem && !loading && (
        <EmptyState
          title={`There is no such ${title.toLowerCase()}.`}
          action={
            <Button component={Link} href={BACK_TO_LIST.href} variant="default">
              Show keys and servers
            </Button>
          }
        >
          It may have been deleted.
        </EmptyState>
      )}
    </Page>
  );
}
