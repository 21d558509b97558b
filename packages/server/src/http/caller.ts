import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { redactSecrets } from '@latchkey/shared';
import { clientAddress } from './client-address.js';

/** From where and by which program a request came. */
export interface Caller {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

export function callerOf(request: IncomingMessage, trustedProxies: BlockList): Caller {
  return {
    ipAddress: clientAddress(request, trustedProxies),
    userAgent: printable(request.headers['user-agent']),
  };
}

const USER_AGENT_MAX_LENGTH = 256;

/** The program as it is kept with a session: without a secret that somebody put there. */
export function recordedUserAgent(request: IncomingMessage): string | null {
  const userAgent = request.headers['user-agent'];
  return userAgent === undefined ? null : redactSecrets(userAgent).slice(0, USER_AGENT_MAX_LENGTH);
}

/** A header's value as it may be recorded and shown. */
export function printable(value: string | string[] | undefined): string | undefined {
  if (value === undefined) return undefined;
  return String(value).replace(/[^\x20-\x7e]/g, '?');
}
