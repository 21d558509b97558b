import type { Log } from '../log.js';
import type { Events, Topic, Topics } from '../pubsub/events.js';
import { RedisChannel } from './redis-channel.js';
import { ChannelTrust, type Envelope } from './trust.js';

interface Message extends Envelope {
  readonly events: readonly (readonly [Topic, Topics[Topic]])[];
  /** A commit's outcome is not known: whatever is remembered may be wrong. */
  readonly forget?: boolean;
}

const HEARTBEAT_MS = 200;
/** Our own messages have not come back for so long: subscribers are told. */
const DOWN_MS = 2000;
const RECONNECT_MS = 5000;

/** Carries events between the servers of one database, and knows when it does not. */
export class Relay {
  readonly channel: RedisChannel;
  readonly #trust: ChannelTrust;
  readonly #heartbeat: NodeJS.Timeout;
  #outgoing: [Topic, Topics[Topic]][] = [];
  #number = 0;
  #scheduled = false;
  #reconnectedAt = performance.now();

  /** @param forget drops whatever may have changed unheard. */
  constructor(
    url: string,
    clusterId: string,
    private readonly id: string,
    private readonly events: Events,
    private readonly forget: () => void,
    log: Log,
  ) {
    this.#trust = new ChannelTrust(id, forget, () => {
      log.warn('Messages from other servers were lost; subscribers are told');
      events.interrupt();
    });
    const onMessage = (text: string) => this.#receive(JSON.parse(text) as Message);
    this.channel = new RedisChannel(url, `latchkey ${clusterId}`, onMessage, log);
    events.setAvailable(false);
    events.onPublished((topic, payload) => {
      this.#outgoing.push([topic, payload]);
      this.#schedule();
    });
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Whether every other server's changes are sure to be heard of here. */
  isTrusted(): boolean {
    return this.#trust.holds();
  }

  membersAre(others: ReadonlySet<string>): void {
    this.#trust.membersAre(others);
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
    const silentMs = this.#trust.echoAgeMs;
    if (silentMs < DOWN_MS) return;
    this.events.setAvailable(false);
    if (silentMs > RECONNECT_MS && performance.now() - this.#reconnectedAt > RECONNECT_MS) {
      this.#reconnectedAt = performance.now();
      this.channel.reconnect();
    }
  }

  /** What is published in one turn of the event loop travels together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#send());
  }

  #send(more: Pick<Message, 'forget' | 'bye'> = {}): void {
    this.#scheduled = false;
    this.#number++;
    const message: Message = {
      from: this.id,
      number: this.#number,
      sentAt: performance.now(),
      events: this.#outgoing,
      ...more,
    };
    this.#outgoing = [];
    this.channel.send(JSON.stringify(message));
  }

  #receive(message: Message): void {
    // First what it says, then that it was heard: trust never runs ahead of what was delivered.
    if (message.from !== this.id) {
      if (message.forget) this.forget();
      for (const [topic, payload] of message.events) this.events.deliver(topic, payload);
    }
    this.#trust.heard(message);
    if (this.#trust.echoAgeMs < DOWN_MS) this.events.setAvailable(true);
  }
}
