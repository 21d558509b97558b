import { ActionIcon, Drawer } from '@mantine/core';
import { IconAlertTriangle, IconMenu2 } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Brand } from '../components/brand.js';
import { useNow } from '../components/clock.js';
import { timeLeft } from '../components/time-text.js';
import { useSignedIn } from '../transport/transport-context.js';
import { Rail } from './rail.js';
import styles from './top-bar.module.css';

/** The rail's place on a narrow screen: the name, what the session's end asks for, and the menu. */
export function TopBar() {
  const [location] = useLocation();
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page was opened from it
  useEffect(close, [location]);
  return (
    <section aria-label="Latchkey" className={styles.bar}>
      <Brand />
      <SessionWarning onOpen={() => setOpened(true)} />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={44}
        aria-label="Menu"
        aria-haspopup="dialog"
        aria-expanded={opened}
        onClick={() => setOpened(true)}
      >
        <IconMenu2 size={22} stroke={1.75} />
      </ActionIcon>
      <Drawer
        opened={opened}
        onClose={close}
        title={<Brand />}
        position="right"
        size="min(18rem, 85vw)"
        lockScroll={false}
        transitionProps={{ duration: 150 }}
        closeButtonProps={{ 'aria-label': 'Close', size: 44 }}
        classNames={{
          content: styles.panel ?? '',
          header: styles.head ?? '',
          body: styles.menu ?? '',
        }}
      >
        {/* A link to the page that is open already closes it too. */}
        <MenuBody onFollowed={close} />
      </Drawer>
    </section>
  );
}

function MenuBody({ onFollowed }: { onFollowed: () => void }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside take the keyboard, and their clicks arrive here
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      className={styles.menu}
      onClick={(event) => {
        if ((event.target as Element).closest('a')) onFollowed();
      }}
    >
      <Rail />
    </div>
  );
}

function SessionWarning({ onOpen }: { onOpen: () => void }) {
  const { warning, expiresAt } = useSignedIn();
  const left = timeLeft(Date.parse(expiresAt), useNow());
  if (!warning) return null;
  return (
    <button type="button" className={styles.warning} data-warning={warning} onClick={onOpen}>
      <IconAlertTriangle size={16} aria-hidden />
      {left ? `Session ends in ${left}` : 'Session ended'}
    </button>
  );
}
