import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { Brand } from '../components/brand.js';
import { Banners } from './banners.js';
import { useNarrow } from './narrow.js';
import { Rail } from './rail.js';
import styles from './shell.module.css';
import { TopBar } from './top-bar.js';

/** The rail on the left and the page on the right; on a narrow screen a bar above the page. */
export function Shell({ children }: { children: ReactNode }) {
  const [location] = useLocation();
  const narrow = useNarrow();
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
      {narrow ? (
        <TopBar />
      ) : (
        <div className={styles.rail}>
          <section aria-label="Latchkey" className={styles.brand}>
            <Brand />
          </section>
          <Rail />
        </div>
      )}
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Banners />
        {children}
      </main>
    </div>
  );
}
