import { expect, test } from 'vitest';
import type { AppState } from '../../packages/desktop/src/ipc/state.js';
import { trayView } from '../../packages/desktop/src/main/tray-menu.js';

const SIGNED_IN: AppState = {
  phase: 'READY',
  session: {
    status: 'SIGNED_IN',
    account: { id: '1', username: 'ada', role: 'MEMBER' },
    sessionId: 's',
    expiresAt: '2026-04-01T12:00:00.000Z',
    warning: null,
    sessionToken: { status: 'LIVE', id: 't', hint: 'lka_…abcd' },
  },
  serverAddress: 'https://tokens.example.com',
  secretStorage: 'KEYCHAIN',
  connection: { status: 'ONLINE', problem: null, retryAt: null },
  pendingSignOutCount: 0,
};

function labels(state: AppState): string[] {
  return trayView(state).lines.flatMap((line) => (line === 'SEPARATOR' ? [] : line.label));
}

test('it says who is signed in and until when, and offers to open, sign out and quit', () => {
  expect(labels(SIGNED_IN)).toEqual([
    'Signed in as ada',
    expect.stringMatching(/^Until .*2026/),
    'Open Latchkey',
    'Sign out',
    'Quit Latchkey',
  ]);
  expect(trayView(SIGNED_IN).needsAttention).toBe(false);
});

test('a removed token and a close end put the dot on', () => {
  const { session } = SIGNED_IN;
  if (session.status !== 'SIGNED_IN') throw new Error('unreachable');
  const token = {
    id: 't',
    description: '',
    hint: '',
    removalReason: 'PRUNED',
    removalNote: null,
    removedAt: null,
    deviceName: null,
  };
  const removed = { ...session, sessionToken: { status: 'REMOVED', token } } as const;
  expect(trayView({ ...SIGNED_IN, session: removed }).needsAttention).toBe(true);
  const ending = { ...session, warning: 'HOUR' } as const;
  expect(trayView({ ...SIGNED_IN, session: ending }).needsAttention).toBe(true);
});

test('signed out, there is nothing to sign out of', () => {
  const session = { status: 'SIGNED_OUT', notice: null, lastUsername: null } as const;
  expect(labels({ ...SIGNED_IN, session })).not.toContain('Sign out');
});
