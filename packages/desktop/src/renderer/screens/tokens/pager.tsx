import { Button } from '@mantine/core';
import { counted } from '../../components/labels.js';
import styles from './toolbar.module.css';

interface PagerProps {
  /** How many there are before this page. */
  readonly start: number;
  readonly shown: number;
  readonly total: number;
  readonly onPrevious: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
}

export function Pager({ start, shown, total, onPrevious, onNext }: PagerProps) {
  const several = onPrevious !== undefined || onNext !== undefined;
  return (
    <nav aria-label="Parts of the list" className={styles.pager}>
      <span>
        {several
          ? `${(start + 1).toLocaleString('en')}–${(start + shown).toLocaleString('en')} of ${total.toLocaleString('en')}`
          : counted(total, 'token')}
      </span>
      {several && (
        <span className={styles.pagerButtons}>
          <Button size="compact-sm" variant="default" disabled={!onPrevious} onClick={onPrevious}>
            Previous
          </Button>
          <Button size="compact-sm" variant="default" disabled={!onNext} onClick={onNext}>
            Next
          </Button>
        </span>
      )}
    </nav>
  );
}
