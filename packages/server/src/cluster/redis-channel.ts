import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../core/log.js';

const RECONNECT_MS = 100;
const OPTIONS: RedisOptions = {
  // What cannot be sent now is not sent later either: its number is missing then, and that is noticed.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2000,
  commandTimeout: 500,
  retryStrategy: () => RECONNECT_MS,
};

/** One channel of Redis that every server of a database listens on. Connects and reconnects by itself. */
export class RedisChannel {
  /** For commands; it rejects at once while Redis is away. */
  readonly client: Redis;
  readonly #listener: Redis;
  #answers: boolean | undefined;

  constructor(
    url: string,
    private readonly name: string,
    onMessage: (message: Buffer) => void,
    /** What is sent from now on comes back. */
    onSubscribed: () => void,
    private readonly log: Log,
  ) {
    this.client = new Redis(url, OPTIONS);
    this.#listener = new Redis(url, { ...OPTIONS, autoResubscribe: false });
    this.#listener.on('ready', () => {
      this.#listener.subscribe(name).then(onSubscribed, () => undefined);
    });
    this.#listener.on('messageBuffer', (_channel, message) => onMessage(message));
    this.client.on('ready', () => this.#note(true));
    this.client.on('close', () => this.#note(false));
    for (const connection of [this.client, this.#listener]) connection.on('error', () => undefined);
  }

  send(text: string): void {
    this.client.publish(this.name, text).catch(() => undefined);
  }

  /** Connects anew: a connection to a machine that is gone looks alive for minutes. */
  reconnect(): void {
    for (const connection of [this.client, this.#listener]) {
      if (connection.status === 'ready') connection.disconnect(true);
    }
  }

  close(): void {
    this.client.removeAllListeners('close');
    this.client.disconnect();
    this.#listener.disconnect();
  }

  /** Every attempt to connect that fails is a close. */
  #note(answers: boolean): void {
    if (answers === this.#answers) return;
    this.#answers = answers;
    if (answers) this.log.info('Redis answers');
    else this.log.warn('Redis is away; there are no subscriptions until it is back');
  }
}
