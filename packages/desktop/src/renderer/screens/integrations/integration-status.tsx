import { IconAlertTriangle, IconCircleCheck, IconCircleOff } from '@tabler/icons-react';
import type { Integration } from '../../../ipc/integrations.js';
import badge from '../../components/status-badge.module.css';

const LOOK = {
  ON: { tone: badge.good, Icon: IconCircleCheck, word: 'On' },
  OFF: { tone: badge.quiet, Icon: IconCircleOff, word: 'Off' },
  CHANGED: { tone: badge.warn, Icon: IconAlertTriangle, word: 'Changed elsewhere' },
} as const;

export function IntegrationStatus({ status }: Pick<Integration, 'status'>) {
  const { tone, Icon, word } = LOOK[status];
  return (
    <span className={`${badge.badge} ${tone}`}>
      <Icon size={14} aria-hidden />
      {word}
    </span>
  );
}
