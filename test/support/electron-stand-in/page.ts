import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron';
import { fromChromium, toChromium } from './app-address.js';
import { unlessGone } from './devtools.js';
import { emitterPart, incomplete, Preventable } from './incomplete.js';
import { answerRequest, type PausedRequest } from './page-requests.js';
import type { Runtime } from './runtime.js';
import { pageWorldSource, preloadWorldSource } from './worlds.js';

const PRELOAD_WORLD = 'preload';
/** Chromium drops a close that comes before it is done with staying after an earlier one, and says nothing. */
const CLOSE_AGAIN_MS = 2_000;
type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];

/** One Chromium target with a preload: what is behind a `webContents`. */
export class Page {
  readonly webContents: WebContents;
  readonly opened: Promise<void>;
  readonly #runtime: Runtime;
  readonly #events = emitterPart<WebContents>();
  #targetId = '';
  #sessionId = '';
  #url = 'about:blank';
  #isLoading = false;
  #isDestroyed = false;
  #preloadContext: string | undefined;
  #openHandler: OpenHandler | undefined;
  #onStay: (() => void) | undefined;
  /** Of the app's answer to a page that asked not to be left; Electron's own processes stand still until it is given. */
  #answered = Promise.resolve();

  constructor(runtime: Runtime, preload: string, size: { width: number; height: number }) {
    this.#runtime = runtime;
    const page = this;
    const mainFrame = incomplete('WebFrameMain', {
      get url() {
        return page.#url;
      },
    } satisfies Pick<WebFrameMain, 'url'>) as WebFrameMain;
    this.webContents = incomplete<WebContents, keyof ReturnType<Page['contentsParts']>>(
      'WebContents',
      this.contentsParts(mainFrame),
    );
    this.opened = this.#open(preload, size);
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  contentsParts(mainFrame: WebFrameMain) {
    return {
      ...this.#events.parts,
      mainFrame,
      send: (channel: string, event: unknown) => void this.#receive({ channel, event }),
      setWindowOpenHandler: (handler: OpenHandler) => {
        this.#openHandler = handler;
      },
      isDestroyed: () => this.#isDestroyed,
      close: ({ waitForBeforeUnload } = { waitForBeforeUnload: false }) =>
        void (waitForBeforeUnload ? this.askToClose() : this.#close()),
    } satisfies Partial<WebContents>;
  }

  async load(url: string): Promise<void> {
    await this.opened;
    this.#isLoading = true;
    this.#events.emitter.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    const loaded = new Promise<void>((resolve) => {
      this.#events.emitter.once('did-finish-load', resolve);
    });
    const address = toChromium(url, this.#runtime.schemes);
    await this.#send('Page.navigate', { url: address });
    await loaded;
  }

  /** Closes it as a person does, whom its `beforeunload` may hold up; @returns whether it is gone. */
  async askToClose(): Promise<boolean> {
    if (this.#isDestroyed) return true;
    await this.opened;
    await this.#answered;
    const isGone = new Promise<boolean>((resolve) => {
      this.#events.emitter.once('destroyed', () => resolve(true));
      this.#onStay = () => resolve(false);
    });
    const close = () => unlessGone(this.#send('Page.close'));
    const again = setInterval(() => void close(), CLOSE_AGAIN_MS);
    await close();
    return isGone.finally(() => clearInterval(again));
  }

  async #close(): Promise<void> {
    if (this.#isDestroyed) return;
    await this.opened;
    const { devTools } = this.#runtime;
    await unlessGone(devTools.send('Target.closeTarget', { targetId: this.#targetId }));
  }

  async activate(): Promise<void> {
    await this.opened;
    const { devTools } = this.#runtime;
    await unlessGone(devTools.send('Target.activateTarget', { targetId: this.#targetId }));
  }

  onDestroyed(): void {
    this.#isDestroyed = true;
    this.#events.emitter.emit('destroyed');
  }

  onFrameNavigated(frame: { readonly url: string; readonly parentId?: string }): void {
    if (frame.parentId === undefined) this.#url = fromChromium(frame.url, this.#runtime.schemes);
  }

  onSameDocument(url: string): void {
    this.#url = fromChromium(url, this.#runtime.schemes);
  }

  onContext(context: { readonly name: string; readonly uniqueId: string }): void {
    if (context.name === PRELOAD_WORLD) this.#preloadContext = context.uniqueId;
  }

  onLoaded(): void {
    this.#isLoading = false;
    this.#events.emitter.emit('did-finish-load');
  }

  /** Something in this page asked for a window, which nobody gets; the app hears of the address. */
  #onWindowOpen(url: string): void {
    this.#openHandler?.({
      url: fromChromium(url, this.#runtime.schemes),
    } as Parameters<OpenHandler>[0]);
  }

  async onRequest(paused: PausedRequest): Promise<void> {
    const { devTools, schemes } = this.#runtime;
    if (paused.resourceType === 'Document' && !this.#isLoading) {
      const event = Object.assign(new Preventable(), {
        url: fromChromium(paused.request.url, schemes),
      });
      this.#events.emitter.emit('will-navigate', event);
      if (event.isPrevented) {
        const { requestId } = paused;
        await devTools.send(
          'Fetch.failRequest',
          { requestId, errorReason: 'Aborted' },
          this.#sessionId,
        );
        return;
      }
      this.#events.emitter.emit('did-start-navigation', {
        isMainFrame: true,
        isSameDocument: false,
      });
    }
    await answerRequest(this.#runtime, this.#sessionId, paused);
  }

  /** The page asks not to be left; the app decides. */
  onUnloadHeld(): void {
    this.#answered = unlessGone(this.#answerUnload());
  }

  async #answerUnload(): Promise<void> {
    const event = new Preventable();
    this.#events.emitter.emit('will-prevent-unload', event);
    await this.#send('Page.handleJavaScriptDialog', { accept: event.isPrevented });
    if (!event.isPrevented) this.#onStay?.();
  }

  /** A call of `ipcRenderer.invoke`, or a window that is asked for. */
  async onBinding(text: string): Promise<void> {
    const { id, channel, values, open } = JSON.parse(text);
    if (open !== undefined) {
      this.#onWindowOpen(open);
      return;
    }
    const handler = this.#runtime.invokeHandlers.get(channel);
    try {
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      const event = { sender: this.webContents, senderFrame: this.webContents.mainFrame };
      const value = await handler(event as IpcMainInvokeEvent, ...values);
      await this.#receive({ id, value });
    } catch (error) {
      await this.#receive({ id, error: `Error invoking remote method '${channel}': ${error}` });
    }
  }

  async #open(preload: string, size: { width: number; height: number }): Promise<void> {
    const { devTools, pages } = this.#runtime;
    const target = await devTools.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...size,
    });
    this.#targetId = String(target.targetId);
    pages.set(this.#targetId, this);
    const attached = await devTools.send('Target.attachToTarget', {
      targetId: this.#targetId,
      flatten: true,
    });
    this.#sessionId = String(attached.sessionId);
    const eventName = randomUUID();
    await this.#send('Page.enable');
    await this.#send('Runtime.addBinding', {
      name: 'standIn',
      executionContextName: PRELOAD_WORLD,
    });
    await this.#send('Runtime.enable');
    await this.#send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', {
      source: pageWorldSource(eventName),
    });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadWorldSource(eventName, readFileSync(preload, 'utf8')),
      worldName: PRELOAD_WORLD,
    });
  }

  async #receive(message: object): Promise<void> {
    if (this.#preloadContext === undefined || this.#isDestroyed) return;
    const expression = `standInReceive(${JSON.stringify(message)})`;
    // A page that is going away takes no more events, which is nobody's mistake.
    await this.#send('Runtime.evaluate', {
      expression,
      uniqueContextId: this.#preloadContext,
    }).catch(() => undefined);
  }

  #send(method: string, parameters: Readonly<Record<string, unknown>> = {}) {
    return this.#runtime.devTools.send(method, parameters, this.#sessionId);
  }
}
