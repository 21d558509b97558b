import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { type Bridge, EVENT_CHANNELS, REQUEST_CHANNELS } from '../ipc/contract.js';

/**
 * `window.bridge`: one method a channel, named by the contract, and nothing of Electron. The page can neither choose a
 * channel's name nor reach the event's sender.
 */
const requests = REQUEST_CHANNELS.map((channel) => [
  channel,
  (...parameters: unknown[]) => ipcRenderer.invoke(channel, ...parameters),
]);

const events = EVENT_CHANNELS.map((channel) => [
  `on${channel.charAt(0).toUpperCase()}${channel.slice(1)}`,
  (listener: (event: unknown) => void) => {
    const forward = (_: IpcRendererEvent, event: unknown): void => listener(event);
    ipcRenderer.on(channel, forward);
    return () => {
      ipcRenderer.removeListener(channel, forward);
    };
  },
]);

contextBridge.exposeInMainWorld('bridge', Object.fromEntries([...requests, ...events]) as Bridge);
