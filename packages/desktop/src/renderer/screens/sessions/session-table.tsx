import { Button, VisuallyHidden } from '@mantine/core';
import { IconDeviceDesktop, IconTerminal2, IconWorld } from '@tabler/icons-react';
import { Link } from 'wouter';
import table from '../../components/table.module.css';
import { TimeAgo } from '../../components/time-ago.js';
import type { ClientKind, SessionFieldsFragment } from '../../graphql/generated/operations.js';
import { sessionKind, sessionName } from './session-name.js';
import styles from './session-table.module.css';

const ICON: Readonly<Record<ClientKind, typeof IconWorld>> = {
  DESKTOP: IconDeviceDesktop,
  BROWSER: IconWorld,
  API: IconTerminal2,
};

interface SessionTableProps {
  readonly sessions: readonly SessionFieldsFragment[];
  readonly currentId: string;
  readonly onEnd: (session: SessionFieldsFragment) => void;
}

export function SessionTable({ sessions, currentId, onEnd }: SessionTableProps) {
  // This device first, then as the server lists them.
  const ordered = [
    ...sessions.filter(({ id }) => id === currentId),
    ...sessions.filter(({ id }) => id !== currentId),
  ];
  return (
    <table className={`${table.table} ${styles.sessions}`}>
      <thead>
        <tr>
          <th>Device</th>
          <th className={styles.since}>Signed in</th>
          <th className={styles.seen}>Last seen</th>
          <th className={styles.until}>Ends</th>
          <th className={styles.token}>Session token</th>
          <th className={styles.end}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {ordered.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            current={session.id === currentId}
            onEnd={() => onEnd(session)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface SessionRowProps {
  readonly session: SessionFieldsFragment;
  readonly current: boolean;
  readonly onEnd: () => void;
}

function SessionRow({ session, current, onEnd }: SessionRowProps) {
  const Icon = ICON[session.client] ?? IconTerminal2;
  const name = sessionName(session);
  return (
    <tr>
      <td>
        <div className={styles.device}>
          <Icon size={20} stroke={1.5} aria-hidden />
          <div>
            <span className={`${table.main} ${styles.name}`} title={name}>
              {name}
            </span>
            <span className={table.second}>
              {current && <span className={styles.here}>This device</span>}
              {sessionKind(session)}
            </span>
          </div>
        </div>
      </td>
      <td data-label="Signed in">
        <TimeAgo at={session.createdAt} />
        <span className={table.second}>{session.ipAddress}</span>
      </td>
      <td className={table.nowrap} data-label="Last seen">
        <TimeAgo at={session.lastSeenAt} />
      </td>
      <td className={table.nowrap} data-label="Ends">
        <TimeAgo at={session.expiresAt} />
      </td>
      <td className={table.nowrap} data-label="Session token">
        {session.accessToken ? (
          <Link
            href={`/tokens/${encodeURIComponent(session.accessToken.id)}`}
            className={table.mono ?? ''}
          >
            {session.accessToken.hint}
          </Link>
        ) : (
          <span className={styles.none}>none</span>
        )}
      </td>
      <td className={table.end}>
        <Button size="compact-sm" variant="default" onClick={onEnd}>
          {current ? 'Sign out' : 'End'}
          {!current && <VisuallyHidden> the session on {name}</VisuallyHidden>}
        </Button>
      </td>
    </tr>
  );
}
