import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { Look, Opened, useConsole } from './console.js';
import { serveWindow } from './console-files.js';
import { FAKE_BRIDGE } from './fake-bridge.js';

/** Serves the desktop window's page for the file; @returns what opens it, after `prepare` has said what main would answer. */
export function useWindowPage(console: ReturnType<typeof useConsole>) {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => serveWindow(request.url ?? '/', response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  return (path: string, prepare = '', look: Look = {}): Promise<Opened> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return console.open({ url }, path, { script: `${FAKE_BRIDGE};${prepare}`, ...look });
  };
}

/** What main was asked last on the channel `name`. */
export function lastCall(page: Page, name: string): Promise<unknown> {
  return page.evaluate(`window.main.calls.findLast(([called]) => called === '${name}')`);
}
