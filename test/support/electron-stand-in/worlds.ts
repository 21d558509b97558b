/**
 * What runs inside the page, as source text: each function is sent to Chromium by its `toString`, so it may use
 * nothing from outside of itself. The two worlds share the document and no object; they talk in JSON over its events.
 */

/** In the page's own world: builds what `contextBridge.exposeInMainWorld` shows, as functions that call across. */
function pageWorld(eventName: string): void {
  if (window !== window.top) return;
  const functions = new Map<number, (...values: unknown[]) => unknown>();
  const promises = new Map<number, { resolve: (v: unknown) => void; reject: (e: Error) => void }>();
  let answer: { value?: Coded; error?: string } | undefined;
  type Coded = { json?: unknown; method?: number; promise?: number; listener?: number };

  const decode = (coded: Coded): unknown => {
    if (coded.method !== undefined) return methodOf(coded.method);
    if (coded.promise === undefined) return coded.json;
    const id = coded.promise;
    return new Promise((resolve, reject) => promises.set(id, { resolve, reject }));
  };
  const encode = (value: unknown): Coded => {
    if (typeof value !== 'function') return { json: value };
    functions.set(functions.size, value as (...values: unknown[]) => unknown);
    return { listener: functions.size - 1 };
  };
  const methodOf =
    (id: number) =>
    (...values: unknown[]): unknown => {
      answer = undefined;
      const detail = JSON.stringify({ call: id, values: values.map(encode) });
      document.dispatchEvent(new CustomEvent(`${eventName}-to-preload`, { detail }));
      const given = answer as { value?: Coded; error?: string } | undefined;
      if (given?.error !== undefined) throw new Error(given.error);
      return decode(given?.value ?? {});
    };
  // A window that opens would have to be closed again under Playwright's hands; it is asked for and refused here.
  const askForWindow = (url: string | URL | undefined): null => {
    const detail = JSON.stringify({ open: new URL(url ?? '', document.baseURI).href });
    document.dispatchEvent(new CustomEvent(`${eventName}-to-preload`, { detail }));
    return null;
  };
  window.open = askForWindow;
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link?.target !== '_blank') return;
    event.preventDefault();
    askForWindow(link.href);
  });
  document.addEventListener(`${eventName}-to-page`, (event) => {
    const message = JSON.parse((event as CustomEvent<string>).detail);
    if ('expose' in message) {
      const entries = Object.entries<Coded>(message.members);
      const members = entries.map(([name, coded]) => [name, decode(coded)]);
      Object.defineProperty(window, message.expose, {
        value: Object.freeze(Object.fromEntries(members)),
      });
    } else if ('answer' in message) answer = message.answer;
    else if ('settled' in message) {
      const waiting = promises.get(message.settled);
      promises.delete(message.settled);
      if ('error' in message) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.value);
    } else functions.get(message.listener)?.(...message.values);
  });
}

/** In the preload's world: `electron` as a sandboxed preload knows it, over the binding that this world alone has. */
function preloadWorld(eventName: string, run: (require: (name: string) => unknown) => void): void {
  if (window !== window.top) return;
  const send = (window as unknown as { standIn: (text: string) => void }).standIn;
  const methods: ((...values: unknown[]) => unknown)[] = [];
  const invocations = new Map<
    number,
    { resolve: (v: unknown) => void; reject: (e: Error) => void }
  >();
  const listeners = new Map<string, Set<(...values: unknown[]) => void>>();
  let lastId = 0;

  const toPage = (message: unknown): void => {
    const detail = JSON.stringify(message);
    document.dispatchEvent(new CustomEvent(`${eventName}-to-page`, { detail }));
  };
  const encode = (value: unknown): unknown => {
    if (typeof value === 'function') {
      return { method: methods.push(value as (...values: unknown[]) => unknown) - 1 };
    }
    if (!(value instanceof Promise)) return { json: value };
    const promise = ++lastId;
    value.then(
      (result) => toPage({ settled: promise, value: result }),
      (error: Error) => toPage({ settled: promise, error: error.message }),
    );
    return { promise };
  };
  const decode = (coded: { json?: unknown; listener?: number }): unknown => {
    const { listener, json } = coded;
    return listener === undefined ? json : (...values: unknown[]) => toPage({ listener, values });
  };
  document.addEventListener(`${eventName}-to-preload`, (event) => {
    const { call, values, open } = JSON.parse((event as CustomEvent<string>).detail);
    if (open !== undefined) {
      send(JSON.stringify({ open }));
      return;
    }
    try {
      toPage({ answer: { value: encode(methods[call]?.(...values.map(decode))) } });
    } catch (error) {
      toPage({ answer: { error: (error as Error).message } });
    }
  });
  Object.assign(window, {
    standInReceive(message: { id?: number; channel?: string; [key: string]: unknown }) {
      if (message.id === undefined) {
        for (const listener of listeners.get(message.channel ?? '') ?? [])
          listener({}, message.event);
        return;
      }
      const waiting = invocations.get(message.id);
      invocations.delete(message.id);
      if ('error' in message) waiting?.reject(new Error(String(message.error)));
      else waiting?.resolve(message.value);
    },
  });
  const electron = {
    contextBridge: {
      exposeInMainWorld(name: string, api: object) {
        const coded = Object.entries(api).map(([key, value]) => [key, encode(value)]);
        toPage({ expose: name, members: Object.fromEntries(coded) });
      },
    },
    ipcRenderer: {
      invoke(channel: string, ...values: unknown[]) {
        const id = ++lastId;
        send(JSON.stringify({ id, channel, values }));
        return new Promise((resolve, reject) => invocations.set(id, { resolve, reject }));
      },
      on(channel: string, listener: (...values: unknown[]) => void) {
        listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      },
      removeListener(channel: string, listener: (...values: unknown[]) => void) {
        listeners.get(channel)?.delete(listener);
      },
    },
  };
  run((name) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload cannot require ${name}.`);
    return electron;
  });
}

export function pageWorldSource(eventName: string): string {
  return `(${pageWorld.toString()})(${JSON.stringify(eventName)})`;
}

/** `preload` is the preload's own text, CommonJS. */
export function preloadWorldSource(eventName: string, preload: string): string {
  const run = `(require) => { const module = { exports: {} }; const exports = module.exports;\n${preload}\n}`;
  return `(${preloadWorld.toString()})(${JSON.stringify(eventName)}, ${run})`;
}
