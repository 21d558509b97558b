import type { IpcMainInvokeEvent, WebFrameMain } from 'electron';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { REQUEST_CHANNELS } from '../../packages/desktop/src/ipc/contract.js';
import type { Answers } from '../../packages/desktop/src/main/answers.js';
import { registerIpcHandlers } from '../../packages/desktop/src/main/electron/ipc-handlers.js';

type Handler = (event: IpcMainInvokeEvent, ...sent: readonly unknown[]) => unknown;

const { handlers } = vi.hoisted(() => ({ handlers: new Map<string, Handler>() }));
vi.mock('electron', () => ({
  ipcMain: { handle: (channel: string, handler: Handler) => handlers.set(channel, handler) },
}));

const OWN_PAGE = 'app://latchkey/';
const SIGN_IN = { serverAddress: 'https://tokens.example.com', username: 'ada', password: 'x' };
const CHANGE = { kind: 'GIT', hosts: ['https://git.example.com'], basis: 'b' };
/** Arguments as agreed, so that nothing but its sender speaks against a call. */
const SENT: Readonly<Record<string, readonly unknown[]>> = {
  describeServer: ['https://tokens.example.com'],
  signIn: [SIGN_IN],
  reauthenticate: [{ password: 'x' }],
  execute: [{ query: '{ viewer { account { id } } }' }],
  subscribe: [{ query: 'subscription { sessionEnded { id } }', subscriptionId: '1' }],
  unsubscribe: ['1'],
  copySecret: ['a text'],
  copyText: ['a text'],
  openExternal: ['https://example.com/'],
  previewIntegration: [{ kind: 'GIT', hosts: [] }],
  installIntegration: [CHANGE],
  removeIntegration: ['GIT', 'b'],
};

const answered = vi.fn(() => 'answered');
registerIpcHandlers(
  Object.fromEntries(REQUEST_CHANNELS.map((name) => [name, answered])) as never as Answers,
);
afterEach(() => void answered.mockClear());

const frame = (url: string) => ({ url }) as WebFrameMain;

/** Calls `channel` as Electron would for `senderFrame` of a window whose top frame is `mainFrame`. */
function call(channel: string, senderFrame: WebFrameMain | null, mainFrame = senderFrame): unknown {
  const event = { senderFrame, sender: { mainFrame } } as IpcMainInvokeEvent;
  return handlers.get(channel)?.(event, ...(SENT[channel] ?? []));
}

const FOREIGN_PAGES = [
  'https://example.com/',
  'app://latchkey.example.com/',
  'app://latchkey@example.com/',
  'app://other/',
  'https://latchkey/',
  'file:///usr/share/latchkey/index.html',
  'about:blank',
  '',
];

test('every channel of the contract is open, and no other', () => {
  expect([...handlers.keys()].sort()).toEqual([...REQUEST_CHANNELS].sort());
});

describe.each(REQUEST_CHANNELS)('%s', (channel) => {
  test('answers the app’s own page', () => {
    expect(call(channel, frame(`${OWN_PAGE}tokens`))).toBe('answered');
  });

  test('refuses every other page', () => {
    for (const url of FOREIGN_PAGES) {
      expect(() => call(channel, frame(url)), url).toThrow('This page may not ask that.');
    }
    expect(answered).not.toHaveBeenCalled();
  });

  test('refuses a frame inside the app’s own page, whatever its address', () => {
    const top = frame(OWN_PAGE);
    for (const inner of [frame(OWN_PAGE), frame('https://example.com/')]) {
      expect(() => call(channel, inner, top)).toThrow('This page may not ask that.');
    }
    expect(answered).not.toHaveBeenCalled();
  });

  test('refuses a frame that is gone', () => {
    expect(() => call(channel, null)).toThrow('This page may not ask that.');
    expect(answered).not.toHaveBeenCalled();
  });
});
