import type { IpcMain, Protocol, Session } from 'electron';
import { incomplete } from './incomplete.js';
import type { BeforeRequest, InvokeHandler, Runtime } from './runtime.js';

export function createProtocol(runtime: Runtime): Protocol {
  return incomplete<Protocol, 'registerSchemesAsPrivileged' | 'handle'>('protocol', {
    registerSchemesAsPrivileged: (schemes) => {
      for (const { scheme } of schemes) runtime.schemes.add(scheme);
    },
    handle: (scheme, handler) => {
      runtime.protocolHandlers.set(scheme, handler as (request: Request) => Promise<Response>);
    },
  });
}

/** Permissions are Chromium's to refuse here: it asks nobody without a person at the screen. */
export function createSession(runtime: Runtime): Session {
  const webRequest = incomplete<Session['webRequest'], 'onBeforeRequest'>('webRequest', {
    onBeforeRequest: ((listener: BeforeRequest) => {
      runtime.beforeRequest = listener;
    }) as Session['webRequest']['onBeforeRequest'],
  });
  return incomplete<
    Session,
    | 'webRequest'
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
  >('session.defaultSession', {
    webRequest,
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
  });
}

export function createIpcMain(runtime: Runtime): IpcMain {
  return incomplete<IpcMain, 'handle'>('ipcMain', {
    handle: (channel, handler) => {
      runtime.invokeHandlers.set(channel, handler as InvokeHandler);
    },
  });
}
