import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { Link } from 'wouter';
import styles from './page.module.css';

interface PageProps {
  readonly title: string;
  /** Shown in the title's place where it is more than text. */
  readonly heading?: ReactNode;
  /** Beside the title: counts, a state. */
  readonly aside?: ReactNode;
  /** One primary action, top right. */
  readonly action?: ReactNode;
  readonly back?: { readonly href: string; readonly label: string };
  /** Lines of prose and forms stay readable; tables take the whole width. */
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, heading, aside, action, back, narrow, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Latchkey`;
  }, [title]);
  return (
    <div className={`${styles.page} ${narrow ? styles.narrow : ''}`}>
      {back && (
        <Link href={back.href} className={styles.back ?? ''}>
          <IconChevronLeft size={16} aria-hidden />
          {back.label}
        </Link>
      )}
      <header className={styles.header}>
        <div className={styles.titles}>
          <h1 className={styles.title}>{heading ?? title}</h1>
          {aside && <div className={styles.aside}>{aside}</div>}
        </div>
        {action && <div className={styles.action}>{action}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page under its own heading. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <div className={styles.sectionHeader}>
        <h2 className={styles.sectionTitle}>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
