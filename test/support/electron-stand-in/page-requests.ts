import { fromChromium } from './app-address.js';
import type { Message } from './devtools.js';
import type { Runtime } from './runtime.js';

export interface PausedRequest extends Message {
  readonly requestId: string;
  readonly frameId: string;
  readonly resourceType: string;
  readonly request: { readonly url: string; readonly method: string };
}

/** Answers one request of a page: refused by the app, served by its own scheme, or let through to Chromium. */
export async function answerRequest(
  runtime: Runtime,
  sessionId: string,
  paused: PausedRequest,
): Promise<void> {
  const { devTools, schemes, protocolHandlers } = runtime;
  const { requestId } = paused;
  const url = fromChromium(paused.request.url, schemes);
  if (await isCancelled(runtime, url)) {
    await devTools.send(
      'Fetch.failRequest',
      { requestId, errorReason: 'BlockedByClient' },
      sessionId,
    );
    return;
  }
  const handler = protocolHandlers.get(url.slice(0, url.indexOf(':')));
  if (handler === undefined) {
    await devTools.send('Fetch.continueRequest', { requestId }, sessionId);
    return;
  }
  const response = await handler(new Request(url, { method: paused.request.method }));
  const body = Buffer.from(await response.arrayBuffer()).toString('base64');
  const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
  await devTools.send(
    'Fetch.fulfillRequest',
    { requestId, responseCode: response.status, responseHeaders, body },
    sessionId,
  );
}

function isCancelled(runtime: Runtime, url: string): Promise<boolean> {
  const { beforeRequest } = runtime;
  if (beforeRequest === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    beforeRequest({ url } as Parameters<typeof beforeRequest>[0], (response) =>
      resolve(response.cancel === true),
    );
  });
}
