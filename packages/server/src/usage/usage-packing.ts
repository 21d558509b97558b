import type { UsageEvent } from '../database/entities/usage-event.js';
import type { UsageGroup } from '../database/entities/usage-group.entity.js';

/**
 * Uses in one text, in JSON. A column holds 64 KiB on MySQL, and a use comes to 2.6 KiB where all of its texts are as long as they
 * can be. Most are so short that a page of InnoDB's takes two such texts; longer ones would lie on pages of their own.
 */
export const USES_A_TEXT = 24;

/** A use, less what it has in common with its group. Names would make up a third of it. */
export type PackedUse = readonly [
  id: string,
  occurredAt: number,
  reason: string | null,
  endpoint: UsageEvent['endpoint'],
  action: string | null,
  resource: string | null,
  ipAddress: string | null,
  userAgent: string | null,
  repeatCount?: number,
  repeatedUntil?: number,
];

export function pack(event: UsageEvent): PackedUse {
  const { id, occurredAt, reason, endpoint, action, resource, ipAddress, userAgent, repeats } =
    event;
  const use = [id, occurredAt, reason, endpoint, action, resource, ipAddress, userAgent] as const;
  return repeats === undefined ? use : [...use, repeats.count, repeats.until];
}

/** The uses of a group, oldest first. */
export function unpack(
  group: Pick<UsageGroup, 'accessTokenId' | 'accountId' | 'outcome' | 'events'>,
): UsageEvent[] {
  const { accessTokenId, accountId, outcome } = group;
  return (JSON.parse(group.events) as PackedUse[]).map(
    ([
      id,
      occurredAt,
      reason,
      endpoint,
      action,
      resource,
      ipAddress,
      userAgent,
      count,
      until = 0,
    ]) => ({
      id,
      accessTokenId,
      accountId,
      occurredAt,
      outcome,
      reason,
      endpoint,
      action,
      resource,
      ipAddress,
      userAgent,
      ...(count !== undefined && { repeats: { count, until } }),
    }),
  );
}
