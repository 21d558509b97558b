import { CloseButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  type IconProps,
} from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import styles from './notice.module.css';

type Tone = 'info' | 'good' | 'warn' | 'bad';

const ICON: Readonly<Record<Tone, ComponentType<IconProps>>> = {
  info: IconInfoCircle,
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
};

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly onClose?: () => void;
  /** Said at once by a screen reader. For what has just happened, not for what stands on the page. */
  readonly announced?: boolean;
}

/** What happened, to what, and what can be done: a framed remark on the page. */
export function Notice({ tone, title, children, actions, onClose, announced }: NoticeProps) {
  const Icon = ICON[tone];
  return (
    <div className={`${styles.notice} ${styles[tone]}`} {...(announced && { role: 'alert' })}>
      <Icon size={18} aria-hidden className={styles.icon} />
      <div className={styles.text}>
        {title && <p className={styles.title}>{title}</p>}
        {children && <div>{children}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {onClose && <CloseButton ml="auto" size="sm" aria-label="Dismiss" onClick={onClose} />}
    </div>
  );
}
