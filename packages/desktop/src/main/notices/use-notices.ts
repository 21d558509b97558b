import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import { ask } from '../session/ask.js';
import { listen } from '../session/session-events.js';
import type { SessionManager } from '../session/session-manager.js';
import { familiarNetworkOf } from './network.js';
import type { NoticeBoard } from './notice-board.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const QUIET_MS = 30 * DAY_MS;
/** Tokens whose past is kept at hand; beyond that the longest unseen is asked for again. */
const MOST_PASTS = 1_000;

const useSchema = z.object({
  occurredAt: z.string(),
  outcome: z.string(),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
});
const USES = {
  query: `subscription Uses { usageEventRecorded {
    accessTokenId occurredAt outcome ipAddress userAgent } }`,
  schema: z.object({ usageEventRecorded: useSchema.extend({ accessTokenId: z.string() }) }),
} as const;
const PAST = {
  query: `query Past($id: ID!, $until: DateTime!) {
    accessToken(id: $id) { description createdAt }
    usageEvents(first: 200, filter: { accessTokenId: $id, outcome: ALLOWED, until: $until }) {
      edges { node { occurredAt ipAddress } } } }`,
  schema: z.object({
    accessToken: z.object({ description: z.string(), createdAt: z.string() }).nullable(),
    usageEvents: z.object({
      edges: z.array(z.object({ node: useSchema.pick({ occurredAt: true, ipAddress: true }) })),
    }),
  }),
} as const;

type Use = z.infer<typeof useSchema>;
interface Past {
  readonly description: string;
  readonly createdAt: number;
  /** Undefined where no use is on record any more, or yet. */
  lastUsedAt: number | undefined;
  readonly networks: Set<string>;
}

/** Tells of a token's first use after 30 quiet days, or from a network it was never used from. */
export class UseNotices {
  readonly #board: NoticeBoard;
  readonly #manager: SessionManager;
  readonly #transport: HttpTransport;
  readonly #clock: Clock;
  readonly #pasts = new Map<string, Promise<Past | undefined>>();

  constructor(board: NoticeBoard, manager: SessionManager, transport: HttpTransport, clock: Clock) {
    this.#board = board;
    this.#manager = manager;
    this.#transport = transport;
    this.#clock = clock;
    manager.listen({
      connectionOpened: (connection) => {
        this.#pasts.clear();
        listen(connection, clock, USES, ({ usageEventRecorded: use }) => void this.#onUse(use));
      },
    });
  }

  async #onUse(use: Use & { readonly accessTokenId: string }): Promise<void> {
    if (use.outcome !== 'ALLOWED') return;
    const past = await this.#pastOf(use.accessTokenId, use);
    if (past === undefined) return;
    const usedAt = Date.parse(use.occurredAt);
    const network = use.ipAddress === null ? undefined : familiarNetworkOf(use.ipAddress);
    const { createdAt, lastUsedAt } = past;
    if (usedAt - (lastUsedAt ?? createdAt) >= QUIET_MS) {
      this.#tellSilence(use, past);
    } else if (network !== undefined && past.networks.size > 0 && !past.networks.has(network)) {
      this.#tellNetwork(use, past.description);
    }
    past.lastUsedAt = Math.max(usedAt, lastUsedAt ?? 0);
    if (network !== undefined) past.networks.add(network);
  }

  #pastOf(id: string, use: Use): Promise<Past | undefined> {
    const known = this.#pasts.get(id);
    const past = known ?? this.#askPast(id, use);
    this.#pasts.delete(id);
    this.#pasts.set(id, past);
    const [oldest] = this.#pasts.keys();
    if (this.#pasts.size > MOST_PASTS && oldest !== undefined) this.#pasts.delete(oldest);
    return past;
  }

  /** The token's uses before `use`; where the server does not answer, the next use asks again. */
  async #askPast(id: string, use: Use): Promise<Past | undefined> {
    const { session } = this.#manager;
    if (session === undefined) return undefined;
    const { serverAddress, sessionSecret } = session;
    const until = use.occurredAt;
    const answer = await ask(this.#transport, serverAddress, sessionSecret, PAST, { id, until });
    if (!answer.ok || answer.value.accessToken === null) {
      this.#pasts.delete(id);
      return undefined;
    }
    const { accessToken, usageEvents } = answer.value;
    const earlier = usageEvents.edges.map(({ node }) => node);
    const networks = earlier.flatMap(({ ipAddress }) =>
      ipAddress === null ? [] : (familiarNetworkOf(ipAddress) ?? []),
    );
    const times = earlier.map(({ occurredAt }) => Date.parse(occurredAt));
    return {
      description: accessToken.description,
      createdAt: Date.parse(accessToken.createdAt),
      lastUsedAt: times.length === 0 ? undefined : Math.max(...times),
      networks: new Set(networks),
    };
  }

  #tellSilence(use: Use & { readonly accessTokenId: string }, past: Past): void {
    const { description, lastUsedAt } = past;
    this.#board.raise({
      kind: 'TOKEN_USED_AFTER_SILENCE',
      title:
        lastUsedAt === undefined
          ? // Earlier uses may have been forgotten, so nobody knows the days.
            `${description} was used, for the first time on record`
          : `${description} was used after ${this.#daysSince(lastUsedAt)} quiet days`,
      body: `${callerText(use)} If that was not you, deactivate the token.`,
      route: `/tokens/${encodeURIComponent(use.accessTokenId)}`,
    });
  }

  #daysSince(at: number): number {
    return Math.floor((this.#clock.now() - at) / DAY_MS);
  }

  #tellNetwork(use: Use & { readonly accessTokenId: string }, description: string): void {
    this.#board.raise({
      kind: 'TOKEN_USED_FROM_NEW_NETWORK',
      title: `${description} was used from a new network`,
      body: `${callerText(use)} If that was not you, deactivate the token.`,
      route: `/tokens/${encodeURIComponent(use.accessTokenId)}`,
    });
  }
}

function callerText(use: Use): string {
  const program = use.userAgent === null ? 'A program' : use.userAgent.slice(0, 80);
  return `${program} used it${use.ipAddress === null ? '' : ` from ${use.ipAddress}`}.`;
}
