import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { Repeater } from '@repeaterjs/repeater';
import type { RemovalReason } from '../database/entities/removal-reason.js';
import type { UsageEvent } from '../database/entities/usage-event.js';

export const AccessTokenChangeKind = {
  CREATED: 'CREATED',
  UPDATED: 'UPDATED',
  ROTATED: 'ROTATED',
  REMOVED: 'REMOVED',
} as const;
export type AccessTokenChangeKind =
  (typeof AccessTokenChangeKind)[keyof typeof AccessTokenChangeKind];

/** What is announced after a commit, by topic. Identifiers and reasons only; a secret never travels here. */
export interface Topics {
  /** What the verifier may have cached of the account no longer holds. */
  accountChanged: { readonly accountId: string };
  accessTokenChanged: {
    readonly accountId: string;
    readonly accessTokenId: string;
    readonly kind: AccessTokenChangeKind;
  };
  sessionEnded: {
    readonly accountId: string;
    readonly sessionId: string;
    readonly reason: RemovalReason;
  };
  usageRecorded: UsageEvent;
  /** A resource server's secret is no longer good. The account is the one that registered it. */
  resourceServerEnded: { readonly accountId: string };
}

export type Topic = keyof Topics;
type Listener<T extends Topic> = (payload: Topics[T]) => void;

/** Announces events to listeners: in this process at once and in order, and to a relay that carries them further. */
export class Events {
  readonly #everyone = new Map<Topic, Set<Listener<Topic>>>();
  readonly #byAccount = new Map<Topic, Map<string, Set<Listener<Topic>>>>();
  readonly #interruptions = new Set<(error: Error) => void>();
  #relay: (<T extends Topic>(topic: T, payload: Topics[T]) => void) | undefined;
  #available = true;
  #interruptionCount = 0;

  /** Whether subscribers hear of everything, from other servers too. */
  get available(): boolean {
    return this.#available;
  }

  /** How often something may have been missed so far. */
  get interruptionCount(): number {
    return this.#interruptionCount;
  }

  /** Announces what was done here. */
  publish<T extends Topic>(topic: T, payload: Topics[T]): void {
    this.deliver(topic, payload);
    this.#relay?.(topic, payload);
  }

  /** Calls `relay` with everything that is published here. */
  onPublished(relay: <T extends Topic>(topic: T, payload: Topics[T]) => void): void {
    this.#relay = relay;
  }

  /** Tells those who listen here, and nobody else. */
  deliver<T extends Topic>(topic: T, payload: Topics[T]): void {
    const ofEveryone = this.#everyone.get(topic);
    if (ofEveryone !== undefined) for (const listener of ofEveryone) listener(payload);
    const ofAccount = this.#byAccount.get(topic)?.get(payload.accountId);
    if (ofAccount !== undefined) for (const listener of ofAccount) listener(payload);
  }

  /** Ends every subscription: something was missed, and who begins anew asks for the state first. */
  interrupt(): void {
    this.#interruptionCount++;
    for (const end of [...this.#interruptions]) end(interrupted());
  }

  /** While it is not available, there are no subscriptions, rather than such that miss something. */
  setAvailable(available: boolean): void {
    if (this.#available && !available) this.interrupt();
    this.#available = available;
  }

  /** Calls `listener` with every account's events of `topic`; @returns what stops it. */
  listen<T extends Topic>(topic: T, listener: Listener<T>): () => void {
    return add(this.#everyone, topic, listener as Listener<Topic>);
  }

  /**
   * One account's events of `topic`, from now on, until the iterator is returned.
   * @param matches leaves the others out.
   * It throws where its reader falls more than a thousand events behind, rather than keep them all in memory.
   * @throws LatchkeyError UNAVAILABLE, now or in the midst, where events of other servers do not arrive
   */
  subscribe<T extends Topic>(
    topic: T,
    accountId: string,
    matches: (payload: Topics[T]) => boolean = () => true,
  ): AsyncIterableIterator<Topics[T]> {
    if (!this.#available) throw interrupted();
    return new Repeater<Topics[T]>(async (push, stop) => {
      const listener: Listener<T> = (payload) => {
        if (matches(payload)) push(payload).catch(stop);
      };
      const ofTopic = this.#byAccount.get(topic) ?? new Map();
      this.#byAccount.set(topic, ofTopic);
      const remove = add(ofTopic, accountId, listener as Listener<Topic>);
      const end = (error: Error) => stop(error);
      this.#interruptions.add(end);
      await stop;
      this.#interruptions.delete(end);
      remove();
    });
  }
}

function interrupted(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.UNAVAILABLE,
    'News from other servers does not arrive now, so this subscription would miss some. Subscribe again in a moment, and ask for the current state then.',
    { retryAfterSeconds: 1 },
  );
}

function add<Key>(
  listeners: Map<Key, Set<Listener<Topic>>>,
  key: Key,
  listener: Listener<Topic>,
): () => void {
  const set = listeners.get(key) ?? new Set();
  listeners.set(key, set.add(listener));
  return () => {
    set.delete(listener);
    if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
  };
}
