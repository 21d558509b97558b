import type { Log } from '../core/log.js';
import type { Events, Topic, Topics } from '../pubsub/events.js';
import { ChannelHealth, type Envelope } from './channel-health.js';
import { RedisChannel } from './redis-channel.js';

/** The first line of a message. The second holds the events, and of its own messages a server reads the first alone. */
interface Header extends Envelope {
  /** A commit's outcome is not known: whatever is remembered may be wrong. */
  readonly forget?: boolean;
}

type Published = readonly [Topic, Topics[Topic]];

const HEARTBEAT_MS = 200;
/** Uses wait for each other so long, since a message costs more than what is in it. Anything else goes at once, and they with it. */
const USES_WAIT_MS = 20;
/** Our own messages have not come back for so long: subscribers are told. */
const DOWN_MS = 2000;
const RECONNECT_MS = 5000;

/** Carries events between the servers of one database, and knows when it does not. */
export class Relay {
  readonly channel: RedisChannel;
  readonly #health: ChannelHealth;
  readonly #heartbeat: NodeJS.Timeout;
  #outgoing: Published[] = [];
  #number = 0;
  #scheduled: NodeJS.Immediate | undefined;
  #waiting: NodeJS.Timeout | undefined;
  #reconnectedAt = performance.now();

  /** @param forget drops whatever may have changed unheard. */
  constructor(
    url: string,
    clusterId: string,
    private readonly id: string,
    private readonly events: Events,
    private readonly forget: () => void,
    private readonly log: Log,
  ) {
    this.#health = new ChannelHealth(id, forget, () => this.#tellLoss());
    const onMessage = (message: Buffer) => this.#receive(message);
    this.channel = new RedisChannel(url, `latchkey ${clusterId}`, onMessage, log);
    events.setAvailable(false);
    events.onPublished((topic, payload) => {
      this.#outgoing.push([topic, payload]);
      this.#schedule(topic);
    });
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Whether every other server's changes are sure to be heard of here. */
  isHealthy(): boolean {
    return this.#health.holds();
  }

  membersAre(others: ReadonlySet<string>): void {
    this.#health.membersAre(others);
  }

  /** Has every server drop what it remembers. */
  forgetEverywhere(): void {
    this.#send({ forget: true });
  }

  /** Sends what is left, and says goodbye. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.#send({ bye: true });
    this.channel.close();
  }

  #beat(): void {
    this.#send();
    const silentMs = this.#health.echoAgeMs;
    if (silentMs < DOWN_MS) return;
    this.events.setAvailable(false);
    if (silentMs > RECONNECT_MS && performance.now() - this.#reconnectedAt > RECONNECT_MS) {
      this.#reconnectedAt = performance.now();
      this.channel.reconnect();
    }
  }

  /** What is published in one turn of the event loop travels together. */
  #schedule(topic: Topic): void {
    if (topic === 'usageRecorded') this.#waiting ??= setTimeout(() => this.#send(), USES_WAIT_MS);
    else this.#scheduled ??= setImmediate(() => this.#send());
  }

  #send(more: Pick<Header, 'forget' | 'bye'> = {}): void {
    clearImmediate(this.#scheduled);
    clearTimeout(this.#waiting);
    this.#scheduled = undefined;
    this.#waiting = undefined;
    this.#number++;
    const sentAt = performance.now();
    const header: Header = { from: this.id, number: this.#number, sentAt, ...more };
    this.channel.send(`${JSON.stringify(header)}\n${JSON.stringify(this.#outgoing)}`);
    this.#outgoing = [];
  }

  #receive(message: Buffer): void {
    try {
      const end = message.indexOf('\n');
      const header = JSON.parse(message.toString('utf8', 0, end)) as Header;
      // First what it says, then that it was heard: trust never runs ahead of what was delivered.
      if (header.from !== this.id) {
        if (header.forget) this.forget();
        const events = JSON.parse(message.toString('utf8', end + 1)) as readonly Published[];
        for (const [topic, payload] of events) this.events.deliver(topic, payload);
      }
      this.#health.heard(header);
    } catch (error) {
      // Another version's, perhaps: what it said is missing here.
      this.log.warn({ err: error }, 'A message from another server could not be read');
      this.forget();
      this.#tellLoss();
    }
    if (this.#health.echoAgeMs < DOWN_MS) this.events.setAvailable(true);
  }

  #tellLoss(): void {
    this.log.warn('Messages from other servers were lost; subscribers are told');
    this.events.interrupt();
  }
}
