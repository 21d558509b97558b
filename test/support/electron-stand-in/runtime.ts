import type { EventEmitter } from 'node:events';
import type { IpcMainInvokeEvent, Session } from 'electron';
import type { DevTools } from './devtools.js';
import type { Page } from './page.js';

type ProtocolHandler = (request: Request) => Response | Promise<Response>;
export type InvokeHandler = (event: IpcMainInvokeEvent, ...values: unknown[]) => unknown;
export type BeforeRequest = NonNullable<
  Parameters<Session['webRequest']['onBeforeRequest']>[0] & ((...values: never[]) => void)
>;

/** What the modules of one stand-in share. */
export interface Runtime {
  readonly devTools: DevTools;
  readonly appEvents: EventEmitter;
  /** Schemes that the app answers itself. */
  readonly schemes: Set<string>;
  readonly protocolHandlers: Map<string, ProtocolHandler>;
  readonly invokeHandlers: Map<string, InvokeHandler>;
  readonly pages: Map<string, Page>;
  beforeRequest: BeforeRequest | undefined;
}
