import type { Asking } from './graphql.js';

export interface Use {
  readonly id: string;
  readonly accessTokenId: string;
  readonly occurredAt: string;
  readonly outcome: 'ALLOWED' | 'REFUSED';
  readonly reason: string | null;
  readonly endpoint: string;
  readonly action: string | null;
  readonly resource: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly repeatCount: number;
  readonly repeatedUntil: string | null;
}

const USES = `query ($filter: UsageEventFilter, $first: Int, $after: String) {
  usageEvents(filter: $filter, first: $first, after: $after) {
    edges { node {
      id accessTokenId occurredAt outcome reason endpoint action resource ipAddress userAgent
      repeatCount repeatedUntil
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** A page of uses, newest first. */
export async function usesOf(
  server: Asking,
  secret: string,
  variables: { filter?: object; first?: number; after?: string } = {},
): Promise<{ uses: Use[]; hasNextPage: boolean; endCursor: string | null }> {
  const { usageEvents } = await server.ask(USES, { secret, variables });
  return {
    uses: usageEvents.edges.map(({ node }: { node: Use }) => node),
    ...usageEvents.pageInfo,
  };
}
