import { Menu } from '@mantine/core';
import {
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { TokenFieldsFragment } from '../../graphql/generated/operations.js';
import { DeleteTokensDialog } from './delete-tokens-dialog.js';
import { EditDialog } from './edit-dialog.js';
import styles from './token-menu.module.css';
import { useSetActive } from './use-set-active.js';

/** Inside of the page's landmark, where a screen reader looks for it. */
const IN_PAGE = { target: '#main' };

interface TokenMenuProps {
  readonly token: TokenFieldsFragment;
}

/** What can be done with one token. A long list has many: each is a mere button until it is opened. */
export function TokenMenu({ token }: TokenMenuProps) {
  const [used, setUsed] = useState(false);
  if (token.status === 'REMOVED') return null;
  if (used) return <OpenedTokenMenu token={token} />;
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={labelOf(token)}
      aria-haspopup="menu"
      onClick={() => setUsed(true)}
    >
      <IconDots size={17} aria-hidden />
    </button>
  );
}

function OpenedTokenMenu({ token }: TokenMenuProps) {
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<'EDIT' | 'DELETE'>();
  const button = useRef<HTMLButtonElement>(null);
  const setActive = useSetActive();
  const open = (wanted: 'EDIT' | 'DELETE') => {
    // A dialog gives the focus back to where it was, and the menu's items are gone by then.
    button.current?.focus();
    setDialog(wanted);
  };
  const close = () => setDialog(undefined);
  const usable = token.status === 'ACTIVE' || token.status === 'INACTIVE';

  return (
    <>
      <Menu
        // Mantine's element for the first focus has no role in a menu; the first item takes it here.
        withInitialFocusPlaceholder={false}
        defaultOpened
        position="bottom-end"
        transitionProps={{ duration: 100 }}
        portalProps={IN_PAGE}
      >
        <Menu.Target>
          <button ref={button} type="button" className={styles.button} aria-label={labelOf(token)}>
            <IconDots size={17} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {usable && (
            <Menu.Item
              data-autofocus
              leftSection={
                token.status === 'ACTIVE' ? (
                  <IconPlayerPause size={15} aria-hidden />
                ) : (
                  <IconPlayerPlay size={15} aria-hidden />
                )
              }
              onClick={() => void setActive([token], token.status !== 'ACTIVE')}
            >
              {token.status === 'ACTIVE' ? 'Deactivate' : 'Activate'}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconPencil size={15} aria-hidden />}
            onClick={() => open('EDIT')}
          >
            Edit
          </Menu.Item>
          {usable && token.kind !== 'SESSION' && (
            <Menu.Item
              leftSection={<IconRefresh size={15} aria-hidden />}
              onClick={() => navigate(`/tokens/${encodeURIComponent(token.id)}/rotate`)}
            >
              Rotate
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={15} aria-hidden />}
            onClick={() => open('DELETE')}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <EditDialog token={token} opened={dialog === 'EDIT'} onClose={close} />
      <DeleteTokensDialog tokens={dialog === 'DELETE' ? [token] : []} onClose={close} />
    </>
  );
}

function labelOf(token: TokenFieldsFragment): string {
  return `Actions for ${token.description}`;
}
