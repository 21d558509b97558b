import type {
  GraphqlRequest,
  GraphqlResult,
  SubscriptionEvent,
  SubscriptionRequest,
} from '../ipc/contract.js';
import { isSessionOver } from '../ipc/session-rules.js';
import { codeOf } from './graphql/graphql-answer.js';
import type { HttpTransport } from './graphql/http-transport.js';
import { guardOperation } from './graphql/operation-guard.js';
import { withoutSessionSecrets } from './graphql/session-secrets.js';
import type { SessionManager } from './session/session-manager.js';
import { SIGNED_OUT } from './session/signed-out-notice.js';

const MOST_SUBSCRIPTIONS = 50;

/** What a window asks of the server: checked, sent with the session's credential, and given back without one. */
export class WindowOperations {
  readonly #manager: SessionManager;
  readonly #transport: HttpTransport;
  readonly #emit: (event: SubscriptionEvent) => void;
  readonly #stops = new Map<string, () => void>();

  constructor(
    manager: SessionManager,
    transport: HttpTransport,
    emit: (event: SubscriptionEvent) => void,
  ) {
    this.#manager = manager;
    this.#transport = transport;
    this.#emit = emit;
    manager.listen({ ended: () => this.stopAll() });
  }

  async execute(request: GraphqlRequest): Promise<GraphqlResult> {
    if (guardOperation(request) === 'subscription') throw new Error('Subscribe to it instead.');
    const { session } = this.#manager;
    if (session === undefined) return { ok: false, problem: SIGNED_OUT };
    const { serverAddress, sessionSecret } = session;
    const result = await this.#transport.execute(serverAddress, sessionSecret, request);
    if (result.ok && result.errors.some((error) => isSessionOver(codeOf(error)))) {
      void this.#manager.verify();
    }
    return withoutSessionSecrets(result);
  }

  subscribe({ subscriptionId, ...request }: SubscriptionRequest): void {
    if (guardOperation(request) !== 'subscription') throw new Error('This is no subscription.');
    this.unsubscribe(subscriptionId);
    if (this.#stops.size >= MOST_SUBSCRIPTIONS)
      throw new Error('There are too many subscriptions.');
    const { connection } = this.#manager;
    if (connection === undefined) {
      this.#emit({ subscriptionId, kind: 'COMPLETED' });
      return;
    }
    const finish = (event: SubscriptionEvent): void => {
      this.#stops.delete(subscriptionId);
      this.#emit(event);
    };
    const stop = connection.subscribe(request, {
      next: ({ data, errors }) =>
        this.#emit({ subscriptionId, kind: 'NEXT', ...withoutSessionSecrets({ data, errors }) }),
      connected: () => this.#emit({ subscriptionId, kind: 'CONNECTED' }),
      failed: (errors) => finish({ subscriptionId, kind: 'FAILED', errors }),
      completed: () => finish({ subscriptionId, kind: 'COMPLETED' }),
    });
    this.#stops.set(subscriptionId, stop);
  }

  unsubscribe(subscriptionId: string): void {
    this.#stops.get(subscriptionId)?.();
    this.#stops.delete(subscriptionId);
  }

  /** A window that is gone or loaded anew, or a session that is over, leaves nothing running. */
  stopAll(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
  }
}
