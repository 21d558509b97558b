import type { Readable, Writable } from 'node:stream';

export type Message = Readonly<Record<string, unknown>>;
type Listener = (parameters: never, sessionId: string | undefined) => void;

/** Chromium's DevTools protocol over its pipe: JSON texts, each ended by a zero byte. */
export class DevTools {
  readonly #output: Writable;
  readonly #waiting = new Map<
    number,
    { resolve: (result: Message) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Map<string, Listener[]>();
  #lastId = 0;
  #rest = '';

  constructor(output: Writable, input: Readable) {
    this.#output = output;
    input.setEncoding('utf8');
    input.on('data', (chunk: string) => this.#read(chunk));
  }

  /** Calls `method` on a session, or on the browser where none is given. */
  send(method: string, parameters: Message = {}, sessionId?: string): Promise<Message> {
    const id = ++this.#lastId;
    const message = { id, method, params: parameters, ...(sessionId && { sessionId }) };
    this.#output.write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  on<Parameters extends Message>(
    method: string,
    listener: (parameters: Parameters, sessionId: string | undefined) => void,
  ): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener as Listener]);
  }

  #read(chunk: string): void {
    const texts = (this.#rest + chunk).split('\0');
    this.#rest = texts.pop() ?? '';
    for (const text of texts) this.#take(JSON.parse(text));
  }

  #take(message: {
    id?: number;
    method?: string;
    params?: Message;
    result?: Message;
    error?: { message: string };
    sessionId?: string;
  }): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners.get(message.method ?? '') ?? []) {
        listener((message.params ?? {}) as never, message.sessionId);
      }
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result ?? {});
    else waiting?.reject(new Error(message.error.message));
  }
}

const GONE =
  /No target with given id|Invalid InterceptionId|Session with given id|context|No web contents/i;

/** Waits for work on a page that may go away meanwhile, which is nobody's mistake; any other failure is thrown. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error) || !GONE.test(error.message)) throw error;
  }
}
