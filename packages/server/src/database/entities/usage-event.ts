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

/** One verification of one secret. */
export interface UsageEvent {
  /** Rises with time; of one server's, strictly. */
  readonly id: string;
  readonly accessTokenId: string;
  readonly accountId: string;
  /** UTC milliseconds. */
  readonly occurredAt: number;
  readonly outcome: UseOutcome;
  /** Why it was refused, for a person, in at most 250 characters; null where it was allowed. */
  readonly reason: string | null;
  readonly endpoint: Endpoint;
  /** What was tried, such as `GET` or `pull`, in at most 32 characters. */
  readonly action: string | null;
  /** What it was tried on, such as a path, in at most 256 characters. */
  readonly resource: string | null;
  readonly ipAddress: string | null;
  /** At most 256 characters. */
  readonly userAgent: string | null;
}
