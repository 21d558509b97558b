import {
  IconActivity,
  IconDevices,
  IconKey,
  IconPlug,
  type IconProps,
  IconServer2,
  IconUserCircle,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { Link, useLocation } from 'wouter';
import type { Transport } from '../transport/transport.js';
import { useSignedIn, useTransport } from '../transport/transport-context.js';
import styles from './rail.module.css';
import { SessionFoot } from './session-foot.js';

interface RailPage {
  readonly href: string;
  readonly label: string;
  readonly Icon: ComponentType<IconProps>;
  /** What the transport has to be able to do for it. */
  readonly needs?: keyof Transport;
}

const PAGES: readonly RailPage[] = [
  { href: '/tokens', label: 'Tokens', Icon: IconKey },
  { href: '/sessions', label: 'Sessions', Icon: IconDevices },
  { href: '/activity', label: 'Activity', Icon: IconActivity },
  { href: '/integrations', label: 'Integrations', Icon: IconPlug, needs: 'integrations' },
  { href: '/account', label: 'Account', Icon: IconUserCircle },
];
const ADMIN_PAGES: readonly RailPage[] = [
  { href: '/admin', label: 'Keys and servers', Icon: IconServer2 },
];

/** The pages, and below them the session; on a wide screen at the left, on a narrow one behind the menu. */
export function Rail() {
  const transport = useTransport();
  const { account } = useSignedIn();
  const pages = PAGES.filter(({ needs }) => needs === undefined || transport[needs] !== undefined);
  return (
    <>
      <nav aria-label="Pages" className={styles.nav}>
        <RailLinks pages={pages} />
        {account.role === 'ADMINISTRATOR' && (
          <>
            <p className={styles.part}>Admin</p>
            <RailLinks pages={ADMIN_PAGES} />
          </>
        )}
      </nav>
      <SessionFoot />
    </>
  );
}

function RailLinks({ pages }: { pages: readonly RailPage[] }) {
  const [location] = useLocation();
  return pages.map(({ href, label, Icon }) => {
    const current = location === href || location.startsWith(`${href}/`);
    return (
      <Link
        key={href}
        href={href}
        className={styles.link ?? ''}
        {...(current && { 'aria-current': 'page' as const })}
      >
        <Icon size={18} stroke={1.75} aria-hidden />
        {label}
      </Link>
    );
  });
}
