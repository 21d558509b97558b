import {
  IconActivity,
  IconDevices,
  IconKey,
  IconPlug,
  type IconProps,
  IconUserCircle,
} from '@tabler/icons-react';
import { type ComponentType, type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { Mark } from '../components/mark.js';
import type { Transport } from '../transport/transport.js';
import { useTransport } from '../transport/transport-context.js';
import { Banners } from './banners.js';
import { SessionFoot } from './session-foot.js';
import styles from './shell.module.css';

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

/** The rail on the left, the page on the right. */
export function Shell({ children }: { children: ReactNode }) {
  const [location] = useLocation();
  const transport = useTransport();
  const pages = PAGES.filter(({ needs }) => needs === undefined || transport[needs] !== undefined);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(location);

  useEffect(() => {
    if (shown.current === location) return;
    shown.current = location;
    // A new page starts at its top, and a screen reader starts with it.
    main.current?.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [location]);

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <div className={styles.rail}>
        <nav aria-label="Pages" className={styles.nav}>
          <div className={styles.brand}>
            <Mark size={26} />
            <span>Latchkey</span>
          </div>
          {pages.map(({ href, label, Icon }) => {
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
          })}
        </nav>
        <SessionFoot />
      </div>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Banners />
        {children}
      </main>
    </div>
  );
}
