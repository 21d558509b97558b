import { LRUCache } from 'lru-cache';
import type { Log } from '../core/log.js';
import type { Events, Topic, Topics } from '../pubsub/events.js';
import { RedisChannel } from './redis-channel.js';

/** The first line of a message. The second holds the events, and of its own messages a server reads the first alone. */
interface Header {
  readonly from: string;
  /** 1, 2, 3 … of this sender, so that a loss is noticed. */
  readonly number: number;
  /** When it was sent, by the sender's own monotonic clock: it means something to the sender alone. */
  readonly sentAt: number;
}

type Published = readonly [Topic, Topics[Topic]];

const HEARTBEAT_MS = 200;
/** Uses wait for each other so long, since a message costs more than what is in it. Anything else goes at once, and they with it. */
const USES_WAIT_MS = 20;
/** Our own messages have not come back for so long: subscribers are told. */
const DOWN_MS = 2000;
const RECONNECT_MS = 5000;
/** Servers whose messages are counted; a server takes a new identifier at each start. */
const SENDERS_COUNTED = 1000;

/** Carries events between the servers of one database, and tells subscribers when it may not have. */
export class Relay {
  readonly channel: RedisChannel;
  readonly #heartbeat: NodeJS.Timeout;
  /** The number of the last message of each sender. */
  readonly #heard = new LRUCache<string, number>({ max: SENDERS_COUNTED });
  #echoSentAt = Number.NEGATIVE_INFINITY;
  #outgoing: Published[] = [];
  #number = 0;
  #scheduled: NodeJS.Immediate | undefined;
  #waiting: NodeJS.Timeout | undefined;
  #reconnectedAt = performance.now();

  constructor(
    url: string,
    clusterId: string,
    private readonly id: string,
    private readonly events: Events,
    private readonly log: Log,
  ) {
    const onMessage = (message: Buffer) => this.#receive(message);
    const onSubscribed = () => this.#send();
    this.channel = new RedisChannel(url, `latchkey ${clusterId}`, onMessage, onSubscribed, log);
    events.setAvailable(false);
    events.onPublished((topic, payload) => {
      this.#outgoing.push([topic, payload]);
      this.#schedule(topic);
    });
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Sends what is left. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.#send();
    this.channel.close();
  }

  /** How long ago the newest of our own messages that came back was sent. */
  get #echoAgeMs(): number {
    return performance.now() - this.#echoSentAt;
  }

  #beat(): void {
    this.#send();
    if (this.#echoAgeMs < DOWN_MS) return;
    this.events.setAvailable(false);
    if (this.#echoAgeMs > RECONNECT_MS && performance.now() - this.#reconnectedAt > RECONNECT_MS) {
      this.#reconnectedAt = performance.now();
      this.channel.reconnect();
    }
  }

  /** What is published in one turn of the event loop travels together. */
  #schedule(topic: Topic): void {
    if (topic === 'usageRecorded') this.#waiting ??= setTimeout(() => this.#send(), USES_WAIT_MS);
    else this.#scheduled ??= setImmediate(() => this.#send());
  }

  #send(): void {
    clearImmediate(this.#scheduled);
    clearTimeout(this.#waiting);
    this.#scheduled = undefined;
    this.#waiting = undefined;
    this.#number++;
    const header: Header = { from: this.id, number: this.#number, sentAt: performance.now() };
    this.channel.send(`${JSON.stringify(header)}\n${JSON.stringify(this.#outgoing)}`);
    this.#outgoing = [];
  }

  #receive(message: Buffer): void {
    try {
      const end = message.indexOf('\n');
      const header = JSON.parse(message.toString('utf8', 0, end)) as Header;
      this.#count(header);
      if (header.from === this.id) {
        this.#echoSentAt = header.sentAt;
      } else {
        const events = JSON.parse(message.toString('utf8', end + 1)) as readonly Published[];
        for (const [topic, payload] of events) this.events.deliver(topic, payload);
      }
    } catch (error) {
      // Another version's, perhaps: what it said is missing here.
      this.log.warn({ err: error }, 'A message from another server could not be read');
      this.events.interrupt();
    }
    if (this.#echoAgeMs < DOWN_MS) this.events.setAvailable(true);
  }

  /** Ends the subscriptions where a number is missing. */
  #count({ from, number }: Header): void {
    const last = this.#heard.get(from);
    this.#heard.set(from, number);
    if (number === (last ?? 0) + 1) return;
    // A server that starts hears the others from the middle on, and has nobody to tell yet.
    if (last !== undefined) this.log.warn('Messages of a server were lost; subscribers are told');
    this.events.interrupt();
  }
}
