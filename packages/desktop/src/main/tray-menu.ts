import type { AppState } from '../ipc/state.js';

export type TrayAction = 'OPEN' | 'SIGN_OUT' | 'QUIT';

export interface TrayView {
  readonly tooltip: string;
  /** The dot on the icon: something needs the person. */
  readonly needsAttention: boolean;
  /** A line without an action is text. */
  readonly lines: readonly (
    | { readonly label: string; readonly action?: TrayAction }
    | 'SEPARATOR'
  )[];
}

/** What the tray says and offers in `state`; times are in this machine's language and zone. */
export function trayView(state: AppState): TrayView {
  const open = { label: 'Open Latchkey', action: 'OPEN' } as const;
  const quit = { label: 'Quit Latchkey', action: 'QUIT' } as const;
  const { session } = state;
  if (session.status === 'SIGNED_OUT') {
    return {
      tooltip: 'Latchkey: signed out',
      needsAttention: session.notice !== null,
      lines: [{ label: 'Signed out' }, 'SEPARATOR', open, 'SEPARATOR', quit],
    };
  }
  const who = `Signed in as ${session.account.username}`;
  const until = `Until ${dateText(session.expiresAt)}`;
  const tokenGone = session.sessionToken.status === 'REMOVED';
  return {
    tooltip: tokenGone
      ? 'Latchkey: this machine’s token was removed'
      : `Latchkey: ${who.toLowerCase()}`,
    needsAttention: tokenGone || session.warning === 'DAY' || session.warning === 'HOUR',
    lines: [
      { label: who },
      { label: until },
      ...(tokenGone ? [{ label: 'This machine’s token was removed' }] : []),
      ...(state.connection.status === 'OFFLINE' ? [{ label: 'The server cannot be reached' }] : []),
      'SEPARATOR',
      open,
      { label: 'Sign out', action: 'SIGN_OUT' },
      'SEPARATOR',
      quit,
    ],
  };
}

function dateText(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
