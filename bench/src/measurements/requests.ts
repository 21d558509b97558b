import type { Side } from '../harness/compare.js';
import type { Load, LoadRequest } from '../harness/load.js';
import type { MeasuredServer } from '../harness/measured-server.js';
import { type KnownToken, newSecret, type Seed } from '../harness/seed.js';

/** One in 20 of the secrets is well formed and nobody's, so that only the database can tell. */
const INVALID_EVERY = 20;
const USES = '{ usageEvents(first: 1) { edges { node { id } } } }';

/** Asks the forward-auth endpoint about every token, and about the invalid ones among them. */
export function verifications(tokens: readonly KnownToken[]): LoadRequest[] {
  return tokens.map(({ secret }, index) => ({
    method: 'GET',
    path: '/auth/verify',
    headers: bearer(index % INVALID_EVERY === 0 ? newSecret('PERSONAL') : secret),
  }));
}

export function isDecision(status: number): boolean {
  return status === 200 || status === 401;
}

/** A GraphQL request over HTTP. */
export function graphqlRequest(query: string, variables: object, secret?: string): LoadRequest {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...(secret && bearer(secret)) },
    body: JSON.stringify({ query, variables }),
  };
}

export function isData(status: number, body: string): boolean {
  return status === 200 && !body.includes('"errors"');
}

/** A Latchkey whose rounds last until their uses are in their groups and counters: that is work of the load that made them. */
export function recording(server: MeasuredServer, load: Load, seed: Pick<Seed, 'accounts'>): Side {
  return { server, load: { ...load, finish: () => untilUsesAreEntered(server, seed) } };
}

/** Asks for a page of an account's uses, which is answered once all uses so far are entered. */
async function untilUsesAreEntered(
  { url }: MeasuredServer,
  { accounts: [account] }: Pick<Seed, 'accounts'>,
): Promise<void> {
  const { path, method, headers, body } = graphqlRequest(USES, {}, account?.secret);
  const response = await fetch(url + path, { method, headers: headers ?? {}, body: body ?? null });
  const text = await response.text();
  if (!isData(response.status, text)) throw new Error(`No uses were told: ${text}`);
}

function bearer(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}
