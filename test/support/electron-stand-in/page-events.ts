import type { Message } from './devtools.js';
import type { Page } from './page.js';
import type { PausedRequest } from './page-requests.js';
import type { Runtime } from './runtime.js';

/** Brings each event of Chromium to the page that it concerns, and closes windows that no page of the app is in. */
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
  onPage<{ url: string }>('Page.windowOpen', (page, { url }) => page.onWindowOpen(url));
  onPage<{ context: { name: string; uniqueId: string } }>(
    'Runtime.executionContextCreated',
    (page, { context }) => page.onContext(context),
  );
  onPage<{ payload: string }>('Runtime.bindingCalled', (page, { payload }) => {
    void page.onInvoke(payload);
  });
  onPage<PausedRequest>('Fetch.requestPaused', (page, paused) => void page.onRequest(paused));
  devTools.on<{ targetId: string }>('Target.targetDestroyed', ({ targetId }) => {
    pages.get(targetId)?.onDestroyed();
    pages.delete(targetId);
  });
  devTools.on<{ targetInfo: { targetId: string; type: string; openerId?: string } }>(
    'Target.targetCreated',
    ({ targetInfo: { targetId, openerId, type } }) => {
      if (type === 'page' && openerId !== undefined) {
        void devTools.send('Target.closeTarget', { targetId });
      }
    },
  );
  void devTools.send('Target.setDiscoverTargets', { discover: true });
}
