import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { redactSecrets } from '@latchkey/shared';
import { clientAddress } from './client-address.js';

/** From where and by which program a request came, without a secret that somebody put into the program's name. */
export interface Caller {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

export function callerOf(request: IncomingMessage, trustedProxies: BlockList): Caller {
  const userAgent = printable(request.headers['user-agent']);
  return {
    ipAddress: clientAddress(request, trustedProxies),
    userAgent: userAgent && redactSecrets(userAgent),
  };
}

/** A header's value as it may be recorded and shown. */
export function printable(value: string | string[] | undefined): string | undefined {
  if (value === undefined) return undefined;
  return String(value).replace(/[^\x20-\x7e]/g, '?');
}
