import { Button, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { DiffLine, IntegrationPreview } from '../../../ipc/integrations.js';
import styles from './integrations.module.css';

const SIGN: Readonly<Record<DiffLine['change'], string>> = { KEPT: ' ', ADDED: '+', REMOVED: '−' };
const SAID: Readonly<Record<DiffLine['change'], string>> = {
  KEPT: '',
  ADDED: 'Added: ',
  REMOVED: 'Removed: ',
};

interface ChangePreviewProps {
  readonly preview: IntegrationPreview;
  readonly pending: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** The change before it is made. Values that have nothing to do with it are left out. */
export function ChangePreview({ preview, pending, onConfirm, onCancel }: ChangePreviewProps) {
  const { configFile, lines, programFile, hosts } = preview;
  const isRemoval = hosts.length === 0;
  const name = configFile.split(/[/\\]/).at(-1);
  const shown = useRef<HTMLDivElement>(null);
  // What has to be decided must be in sight, its buttons too.
  useEffect(() => {
    shown.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={shown} className={styles.preview}>
      <p className={styles.caption}>
        {lines.length > 0 ? 'This is what changes in ' : 'Nothing changes in '}
        <code>{configFile}</code>. Everything else in it stays as it is.
      </p>
      {lines.length > 0 && (
        <section className={styles.diff} aria-label={`The change to ${name}`}>
          {lines.map(({ change, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one change never move
            <code key={index} className={`${styles.diffLine} ${styles[change]}`}>
              <span aria-hidden className={styles.sign}>
                {SIGN[change]}
              </span>
              <VisuallyHidden>{SAID[change]}</VisuallyHidden>
              {text}
            </code>
          ))}
        </section>
      )}
      {programFile && (
        <p className={styles.caption}>
          The helper <code>{programFile}</code> is {isRemoval ? 'removed' : 'put there'}.
        </p>
      )}
      <div className={styles.actions}>
        <Button loading={pending} onClick={onConfirm}>
          {isRemoval ? `Restore ${name}` : `Change ${name}`}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
