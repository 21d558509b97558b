export const UseOutcome = { ALLOWED: 'ALLOWED', REFUSED: 'REFUSED' } as const;
export type UseOutcome = (typeof UseOutcome)[keyof typeof UseOutcome];

/** The protocol by which a secret arrived. */
export const Endpoint = {
  FORWARD_AUTH: 'FORWARD_AUTH',
  INTROSPECTION: 'INTROSPECTION',
  REGISTRY: 'REGISTRY',
  GRAPHQL: 'GRAPHQL',
  REST: 'REST',
} as const;
export type Endpoint = (typeof Endpoint)[keyof typeof Endpoint];

/** Further refusals of the same token for the same kind of reason, of which nothing but their number is on record. */
interface RepeatedUses {
  readonly count: number;
  /** When the last one was, in UTC milliseconds. */
  readonly until: number;
}

/** One verification of one secret. Its texts have at most as many bytes as `TEXT_BYTES` says. */
export interface UsageEvent {
  /** Rises with time; of one server's, strictly. */
  readonly id: string;
  readonly accessTokenId: string;
  readonly accountId: string;
  /** UTC milliseconds. */
  readonly occurredAt: number;
  readonly outcome: UseOutcome;
  /** Why it was refused, for a person; null where it was allowed. */
  readonly reason: string | null;
  readonly endpoint: Endpoint;
  /** What was tried, such as `GET` or `pull`. */
  readonly action: string | null;
  /** What it was tried on, such as a path. */
  readonly resource: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly repeats?: RepeatedUses;
}

/** How many verifications `event` stands for. */
export function countOf({ repeats }: Pick<UsageEvent, 'repeats'>): number {
  return 1 + (repeats?.count ?? 0);
}
