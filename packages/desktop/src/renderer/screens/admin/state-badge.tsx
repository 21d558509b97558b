import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconClockOff,
  type IconProps,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import badge from '../../components/status-badge.module.css';
import type {
  RegistryKeyStatus,
  ResourceServerFieldsFragment,
} from '../../graphql/generated/operations.js';

interface Look {
  readonly tone: string | undefined;
  readonly Icon: ComponentType<IconProps>;
  readonly label: string;
}

const KEY_LOOKS: Readonly<Record<RegistryKeyStatus, Look>> = {
  SIGNING: { tone: badge.good, Icon: IconCircleCheck, label: 'Signing' },
  NEXT: { tone: badge.quiet, Icon: IconClock, label: 'Next' },
  RETIRING: { tone: badge.quiet, Icon: IconClockOff, label: 'Retiring' },
};

export function KeyState({ status }: { status: RegistryKeyStatus }) {
  return <StateBadge {...(KEY_LOOKS[status] ?? KEY_LOOKS.NEXT)} />;
}

export function ServerState({ server }: { server: ResourceServerFieldsFragment }) {
  return server.revokedAt === null ? (
    <StateBadge tone={badge.good} Icon={IconCircleCheck} label="Active" />
  ) : (
    <StateBadge tone={badge.bad} Icon={IconCircleX} label="Secret revoked" />
  );
}

function StateBadge({ tone, Icon, label }: Look) {
  return (
    <span className={`${badge.badge} ${tone}`}>
      <Icon size={14} aria-hidden />
      {label}
    </span>
  );
}
