import { useApolloClient } from '@apollo/client/react';
import { Button, CloseButton } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { counted } from '../../components/labels.js';
import { notifyProblem } from '../../components/notify.js';
import { useTask } from '../../components/use-task.js';
import type { TokenFieldsFragment } from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import type { ListView } from './list-view.js';
import { loadAllTokens } from './load-all-tokens.js';
import styles from './toolbar.module.css';
import type { Selection } from './use-selection.js';
import { useSetActive } from './use-set-active.js';

interface SelectionBarProps {
  readonly selection: Selection;
  readonly view: ListView;
  /** How many tokens the view holds, on all its pages. */
  readonly matching: number;
  readonly onDelete: () => void;
}

/** Takes the toolbar's place while something is selected. */
export function SelectionBar({ selection, view, matching, onDelete }: SelectionBarProps) {
  const client = useApolloClient();
  const { pending, run } = useTask();
  const change = useTask();
  const setActive = useSetActive();
  const active = selection.tokens.filter(({ status }) => status === 'ACTIVE');
  const inactive = selection.tokens.filter(({ status }) => status === 'INACTIVE');
  const set = (tokens: readonly TokenFieldsFragment[], isActive: boolean) =>
    change.run(async () => selection.update(await setActive(tokens, isActive)));
  const selectAll = () =>
    run(async () => {
      try {
        selection.set(await loadAllTokens(client, view), true);
      } catch (error) {
        notifyProblem('Not all tokens could be selected.', problemOf(error));
      }
    });

  return (
    <div className={styles.selection} role="toolbar" aria-label="Selected tokens">
      <span aria-live="polite" className={styles.selected}>
        {counted(selection.size, 'token')} selected
      </span>
      {selection.size < matching && view.status !== 'REMOVED' && (
        <Button
          size="compact-sm"
          variant="subtle"
          className={styles.selected ?? ''}
          loading={pending}
          onClick={() => void selectAll()}
        >
          Select all {matching.toLocaleString('en')}
        </Button>
      )}
      <span className={styles.spacer} />
      {inactive.length > 0 && (
        <Button
          size="compact-sm"
          variant="default"
          loading={change.pending}
          leftSection={<IconPlayerPlay size={15} aria-hidden />}
          onClick={() => void set(inactive, true)}
        >
          Activate
        </Button>
      )}
      {active.length > 0 && (
        <Button
          size="compact-sm"
          variant="default"
          loading={change.pending}
          leftSection={<IconPlayerPause size={15} aria-hidden />}
          onClick={() => void set(active, false)}
        >
          Deactivate
        </Button>
      )}
      <Button
        size="compact-sm"
        color="red"
        leftSection={<IconTrash size={15} aria-hidden />}
        onClick={onDelete}
      >
        Delete {counted(selection.size, 'token')}
      </Button>
      <CloseButton
        className={styles.none ?? ''}
        aria-label="Select nothing"
        onClick={selection.clear}
      />
    </div>
  );
}
