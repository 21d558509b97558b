import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import { ask } from '../session/ask.js';
import { listen } from '../session/session-events.js';
import type { SessionKeeper } from '../session/session-keeper.js';
import { networkOf } from './network.js';
import type { NoticeBoard } from './notice-board.js';

const QUIET_MS = 30 * 24 * 60 * 60 * 1000;
/** Tokens whose past is kept at hand; beyond that the longest unseen is asked for again. */
const MOST_PASTS = 1_000;

const useSchema = z.object({
  id: z.string(),
  occurredAt: z.string(),
  outcome: z.string(),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
});
const USES = {
  query: `subscription Uses { usageEventRecorded {
    id accessTokenId occurredAt outcome ipAddress userAgent } }`,
  schema: z.object({ usageEventRecorded: useSchema.extend({ accessTokenId: z.string() }) }),
} as const;
const PAST = {
  query: `query Past($id: ID!) { accessToken(id: $id) { description createdAt
    usageEvents(first: 200) { edges { node { id occurredAt outcome ipAddress userAgent } } } } }`,
  schema: z.object({
    accessToken: z
      .object({
        description: z.string(),
        createdAt: z.string(),
        usageEvents: z.object({ edges: z.array(z.object({ node: useSchema })) }),
      })
      .nullable(),
  }),
} as const;

type Use = z.infer<typeof useSchema>;
interface Past {
  readonly description: string;
  lastUsedAt: number | undefined;
  readonly networks: Set<string>;
}

/** Tells of a token's first use after 30 quiet days, or from a network it was never used from. */
export class UseNotices {
  readonly #board: NoticeBoard;
  readonly #keeper: SessionKeeper;
  readonly #transport: HttpTransport;
  readonly #clock: Clock;
  readonly #pasts = new Map<string, Promise<Past | undefined>>();

  constructor(board: NoticeBoard, keeper: SessionKeeper, transport: HttpTransport, clock: Clock) {
    this.#board = board;
    this.#keeper = keeper;
    this.#transport = transport;
    this.#clock = clock;
    keeper.listen({
      lineOpened: (line) => {
        this.#pasts.clear();
        listen(line, USES, ({ usageEventRecorded: use }) => void this.#onUse(use));
      },
    });
  }

  async #onUse(use: Use & { readonly accessTokenId: string }): Promise<void> {
    if (use.outcome !== 'ALLOWED') return;
    const past = await this.#pastOf(use.accessTokenId, use);
    if (past === undefined) return;
    const usedAt = Date.parse(use.occurredAt);
    const network = use.ipAddress === null ? undefined : networkOf(use.ipAddress);
    const { lastUsedAt } = past;
    if (lastUsedAt !== undefined && usedAt - lastUsedAt >= QUIET_MS) {
      this.#tellSilence(use, past.description, lastUsedAt);
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
    const { session } = this.#keeper;
    if (session === undefined) return undefined;
    const { serverAddress, sessionSecret } = session;
    const answer = await ask(this.#transport, serverAddress, sessionSecret, PAST, { id });
    if (!answer.ok || answer.value.accessToken === null) {
      this.#pasts.delete(id);
      return undefined;
    }
    const { description, usageEvents } = answer.value.accessToken;
    const uses = usageEvents.edges.map(({ node }) => node);
    // Newest first; the list may have grown since the event was sent.
    const own = uses.findIndex((node) => node.id === use.id);
    const earlier = uses.slice(own + 1).filter((node) => node.outcome === 'ALLOWED');
    const networks = earlier.flatMap(({ ipAddress }) =>
      ipAddress === null ? [] : (networkOf(ipAddress) ?? []),
    );
    const times = earlier.map(({ occurredAt }) => Date.parse(occurredAt));
    const lastUsedAt = times.length === 0 ? undefined : Math.max(...times);
    return { description, lastUsedAt, networks: new Set(networks) };
  }

  #tellSilence(
    use: Use & { readonly accessTokenId: string },
    description: string,
    lastUsedAt: number,
  ): void {
    const days = Math.floor((this.#clock.now() - lastUsedAt) / (24 * 60 * 60 * 1000));
    this.#board.raise({
      kind: 'TOKEN_USED_AFTER_SILENCE',
      title: `${description} was used after ${days} quiet days`,
      body: `${callerText(use)} If that was not you, deactivate the token.`,
      route: `/tokens/${encodeURIComponent(use.accessTokenId)}`,
    });
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
