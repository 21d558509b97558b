import type { FakeToken, FakeUse } from './fake-data.js';

export interface Page {
  readonly first: number;
  readonly after?: string;
}

export interface TokenQuery {
  readonly filter?: {
    search?: string;
    statuses?: string[];
    kinds?: string[];
    unusedSince?: string;
  };
  readonly orderBy: string;
}

export interface UseFilter {
  readonly accessTokenId?: string;
  readonly outcome?: string;
}

export function matches(token: FakeToken, filter: TokenQuery['filter']): boolean {
  const search = filter?.search?.toLowerCase();
  return (
    (filter?.statuses?.includes(token.status) ?? token.status !== 'REMOVED') &&
    (filter?.kinds?.includes(token.kind) ?? true) &&
    (!filter?.unusedSince || (token.lastUsedAt ?? token.createdAt) < filter.unusedSince) &&
    (!search ||
      token.description.toLowerCase().includes(search) ||
      token.hint.toLowerCase().includes(search))
  );
}

export function fits(use: FakeUse, filter: UseFilter | undefined): boolean {
  return (
    (!filter?.accessTokenId || use.accessTokenId === filter.accessTokenId) &&
    (!filter?.outcome || use.outcome === filter.outcome)
  );
}

export function sorted(tokens: readonly FakeToken[], orderBy: string): FakeToken[] {
  const far = '9999';
  const key: Record<string, (token: FakeToken) => string> = {
    CREATED_AT_ASC: ({ createdAt }) => createdAt,
    CREATED_AT_DESC: ({ createdAt }) => createdAt,
    LAST_USED_AT_ASC: ({ lastUsedAt }) => lastUsedAt ?? '',
    LAST_USED_AT_DESC: ({ lastUsedAt }) => lastUsedAt ?? '',
    EXPIRES_AT_ASC: ({ expiresAt }) => expiresAt ?? far,
    DESCRIPTION_ASC: ({ description }) => description.toLowerCase(),
  };
  const of = key[orderBy] ?? (() => '');
  const ascending = tokens.toSorted((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0));
  return orderBy.endsWith('DESC') ? ascending.reverse() : ascending;
}

/** A part of a list in Relay's form; a cursor is the item's id. */
export function connection<Item extends { readonly id: string }>(
  items: readonly Item[],
  { first, after }: Page,
  toNode: (item: Item) => object,
) {
  const start = after ? items.findIndex(({ id }) => id === after) + 1 : 0;
  const page = items.slice(start, start + first);
  return {
    edges: page.map((item) => ({ cursor: item.id, node: toNode(item) })),
    pageInfo: {
      hasNextPage: start + page.length < items.length,
      endCursor: page.at(-1)?.id ?? null,
    },
  };
}
