/** What a server sends: numbered, so that a loss is noticed. */
export interface Envelope {
  readonly from: string;
  /** 1, 2, 3 … of this sender. */
  readonly number: number;
  /** When it was sent, by the sender's own monotonic clock: it means something to the sender alone. */
  readonly sentAt: number;
  /** The sender stops; its silence from now on means nothing. */
  readonly bye?: boolean;
}

interface Peer {
  readonly number: number;
  readonly heardAt: number;
}

/** Servers send at least every 250 ms; who has not been heard for so long has fallen silent. */
const SILENCE_MS = 750;
/** The list of members is read every 500 ms; an older one may lack a new server. */
const MEMBERS_FRESH_MS = 1500;

/**
 * Whether every change that another server commits is sure to be heard of here. It takes three things: our own messages
 * come back, so the channel lives and all that was sent before has arrived; every server that the database lists has been
 * heard of late; and no number is missing from what they sent. A server that falls silent may have died between its commit
 * and its message, or be cut off from the channel and go on committing.
 */
export class ChannelHealth {
  readonly #peers = new Map<string, Peer>();
  #members: ReadonlySet<string> = new Set();
  #membersReadAt = Number.NEGATIVE_INFINITY;
  #echoSentAt = Number.NEGATIVE_INFINITY;
  #ownNumber = 0;
  #until = Number.NEGATIVE_INFINITY;

  /**
   * @param onLapse is called when the channel becomes healthy (again): what was remembered before may have changed unheard.
   * @param onLoss is called when messages are missing.
   */
  constructor(
    private readonly ownId: string,
    private readonly onLapse: () => void,
    private readonly onLoss: () => void,
  ) {}

  /** Whether what was heard is all there was to hear. Cheap: it is asked at every use. */
  holds(): boolean {
    return performance.now() < this.#until;
  }

  /** How long ago the newest of our own messages that came back was sent, in milliseconds. */
  get echoAgeMs(): number {
    return performance.now() - this.#echoSentAt;
  }

  heard({ from, number, sentAt, bye = false }: Envelope): void {
    const lost =
      from === this.ownId ? this.#heardSelf(number, sentAt) : this.#heardPeer(from, number);
    if (lost) {
      this.onLapse();
      this.onLoss();
    }
    if (bye) {
      this.#peers.delete(from);
      this.#members = new Set([...this.#members].filter((id) => id !== from));
    }
    this.#renew();
  }

  /** @param others the identifiers of the other servers that the database lists. */
  membersAre(others: ReadonlySet<string>): void {
    this.#members = others;
    this.#membersReadAt = performance.now();
    for (const [id, { heardAt }] of this.#peers) {
      if (!others.has(id) && performance.now() - heardAt > 10 * SILENCE_MS) this.#peers.delete(id);
    }
    this.#renew();
  }

  #heardSelf(number: number, sentAt: number): boolean {
    const lost = number !== this.#ownNumber + 1;
    this.#ownNumber = number;
    this.#echoSentAt = sentAt;
    return lost;
  }

  #heardPeer(from: string, number: number): boolean {
    const expected = (this.#peers.get(from)?.number ?? 0) + 1;
    const isNew = !this.#peers.has(from);
    this.#peers.set(from, { number, heardAt: performance.now() });
    // Whoever joins hears others from the middle on; then nothing is remembered that could be wrong.
    if (isNew && number !== expected) this.onLapse();
    return !isNew && number !== expected;
  }

  #renew(): void {
    let until = Math.min(this.#echoSentAt + SILENCE_MS, this.#membersReadAt + MEMBERS_FRESH_MS);
    for (const id of this.#members) {
      until = Math.min(
        until,
        (this.#peers.get(id)?.heardAt ?? Number.NEGATIVE_INFINITY) + SILENCE_MS,
      );
    }
    if (!this.holds() && performance.now() < until) this.onLapse();
    this.#until = until;
  }
}
