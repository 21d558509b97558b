import { setTimeout } from 'node:timers/promises';
import type { Cluster, ClusterServer } from './cluster.js';
import { askEndpoint, createToken } from './people.js';

/** How long after its end was acknowledged a token may still be let in. */
const GRACE_MS = 1000;
const USERS_A_SERVER = 3;
const RECENT = 40;
const DELETE = 'mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }';

/** A token whose creation was acknowledged. Times by `performance.now()`. */
export interface LedgerToken {
  readonly id: string;
  readonly secret: string;
  /** Somebody asked for its revocation; only then may it be refused. */
  doomed: boolean;
  /** Its revocation was acknowledged. */
  revoked: boolean;
  /** When its revocation was acknowledged, or it was refused for the first time. */
  endedAt?: number;
}

type Servers = Pick<Cluster, 'servers'>['servers'];

/**
 * Load on every server, and what was acknowledged meanwhile: tokens made, tokens revoked, uses. What was answered with an
 * error, or not at all, may have happened or not.
 */
export class Ledger {
  readonly tokens: LedgerToken[] = [];
  /** What each acknowledged use was made on. */
  readonly uses: string[] = [];
  /** Answers that must not be: a good token refused, or one accepted after its end. */
  readonly wrong: string[] = [];
  /** By the server's place: requests that failed. */
  readonly failures = [0, 0, 0];
  #running = false;
  #numbered = 0;
  #workers: Promise<void>[] = [];

  constructor(
    private readonly servers: Servers,
    private readonly sessionSecret: string,
    private readonly name: string,
  ) {}

  start(): void {
    this.#running = true;
    this.#workers = this.servers.flatMap((server, place) => [
      ...Array.from({ length: USERS_A_SERVER }, () =>
        this.#again(place, () => this.#useRandom(server)),
      ),
      this.#again(place, () => this.#change(server)),
    ]);
  }

  /** Resolves once the last request is answered. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#workers);
  }

  /** Makes a token; it counts once it is acknowledged. */
  async create(server: ClusterServer): Promise<LedgerToken> {
    const { id, secret } = await createToken(server, this.sessionSecret);
    const token = { id, secret, doomed: false, revoked: false };
    this.tokens.push(token);
    return token;
  }

  async revoke(server: ClusterServer, token: LedgerToken): Promise<void> {
    token.doomed = true;
    await server.ask(DELETE, { variables: { ids: [token.id] }, secret: this.sessionSecret });
    token.revoked = true;
    token.endedAt ??= performance.now();
  }

  /** @returns the HTTP status */
  async use(server: ClusterServer, token: LedgerToken): Promise<number> {
    const resource = `/${this.name}/${this.#numbered++}`;
    const sentAt = performance.now();
    const { status } = await askEndpoint(server, token.secret, '', { 'x-original-uri': resource });
    if (status === 200) {
      this.uses.push(resource);
      const lateMs = sentAt - (token.endedAt ?? Number.POSITIVE_INFINITY);
      if (lateMs > GRACE_MS) this.wrong.push(`accepted ${Math.round(lateMs)} ms after its end`);
    }
    if (status === 401) {
      if (!token.doomed) this.wrong.push('a good token was refused');
      token.endedAt ??= performance.now();
    }
    return status;
  }

  async #useRandom(server: ClusterServer): Promise<void> {
    const recent = this.tokens.slice(-RECENT);
    const token = recent[Math.floor(Math.random() * recent.length)];
    if (token === undefined) throw new Error('There is no token yet.');
    const status = await this.use(server, token);
    if (status !== 200 && status !== 401) throw new Error(`It was answered ${status}.`);
  }

  async #change(server: ClusterServer): Promise<void> {
    await this.create(server);
    const token = await this.create(server);
    await setTimeout(20); // for the others to use it
    await this.revoke(server, token);
  }

  async #again(place: number, work: () => Promise<void>): Promise<void> {
    while (this.#running) {
      try {
        await work();
      } catch {
        this.failures[place] = (this.failures[place] ?? 0) + 1;
        await setTimeout(10);
      }
    }
  }
}
