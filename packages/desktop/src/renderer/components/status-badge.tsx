import {
  IconCircleCheck,
  IconCircleOff,
  IconClockOff,
  type IconProps,
  IconTrash,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { AccessTokenStatus } from '../graphql/generated/operations.js';
import { STATUS_LABELS } from './labels.js';
import styles from './status-badge.module.css';

const LOOK: Readonly<
  Record<AccessTokenStatus, { tone: string | undefined; Icon: ComponentType<IconProps> }>
> = {
  ACTIVE: { tone: styles.good, Icon: IconCircleCheck },
  INACTIVE: { tone: styles.quiet, Icon: IconCircleOff },
  EXPIRED: { tone: styles.warn, Icon: IconClockOff },
  REMOVED: { tone: styles.bad, Icon: IconTrash },
};

/** A token's state: a colour, and an icon and a word with it. */
export function StatusBadge({ status }: { status: AccessTokenStatus }) {
  const { tone, Icon } = LOOK[status] ?? LOOK.INACTIVE;
  return (
    <span className={`${styles.badge} ${tone}`}>
      <Icon size={14} aria-hidden />
      {STATUS_LABELS[status] ?? 'Unknown'}
    </span>
  );
}
