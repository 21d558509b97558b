import { type Message, unlessGone } from './devtools.js';
import type { Page } from './page.js';
import type { PausedRequest } from './page-requests.js';
import type { Runtime } from './runtime.js';

/** Brings each event of Chromium to the page that it concerns. */
export function routePageEvents(runtime: Runtime): void {
  const { devTools, pages } = runtime;
  const onPage = <Parameters extends Message>(
    method: string,
    act: (page: Page, parameters: Parameters) => void,
  ): void =>
    devTools.on<Parameters>(method, (parameters, sessionId) => {
      for (const page of pages.values()) {
        if (page.sessionId === sessionId) act(page, parameters);
      }
    });
  onPage<{ frame: { url: string } }>('Page.frameNavigated', (page, { frame }) =>
    page.onFrameNavigated(frame),
  );
  onPage<{ url: string }>('Page.navigatedWithinDocument', (page, { url }) =>
    page.onSameDocument(url),
  );
  onPage('Page.loadEventFired', (page) => page.onLoaded());
  onPage<{ context: { name: string; uniqueId: string } }>(
    'Runtime.executionContextCreated',
    (page, { context }) => page.onContext(context),
  );
  onPage<{ payload: string }>('Runtime.bindingCalled', (page, { payload }) => {
    void page.onBinding(payload);
  });
  onPage<PausedRequest>(
    'Fetch.requestPaused',
    (page, paused) => void unlessGone(page.onRequest(paused)),
  );
  onPage<{ type: string }>('Page.javascriptDialogOpening', (page, { type }) => {
    if (type === 'beforeunload') page.onUnloadHeld();
  });
  devTools.on<{ targetId: string }>('Target.targetDestroyed', ({ targetId }) => {
    pages.get(targetId)?.onDestroyed();
    pages.delete(targetId);
  });
  void devTools.send('Target.setDiscoverTargets', { discover: true });
}
