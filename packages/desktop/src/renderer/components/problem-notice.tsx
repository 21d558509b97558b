import { Button } from '@mantine/core';
import type { Problem } from '../transport/transport.js';
import { Notice } from './notice.js';
import styles from './problem-notice.module.css';

interface ProblemNoticeProps {
  readonly problem: Problem;
  /** What was not done, as a sentence: "The tokens could not be loaded." */
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** An error in the order of need: what was not done, why, what can be done; its code stands in the details. */
export function ProblemNotice({ problem, title, onRetry }: ProblemNoticeProps) {
  return (
    <Notice
      tone="bad"
      announced
      title={title}
      actions={
        onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {problem.message}
      {(problem.detail ?? problem.code) && (
        <details className={styles.details}>
          <summary>Details</summary>
          <code>{problem.detail ?? problem.code}</code>
        </details>
      )}
    </Notice>
  );
}
