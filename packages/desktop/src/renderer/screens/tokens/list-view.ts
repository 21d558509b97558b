import { LIMITS } from '@latchkey/shared';
import type {
  AccessTokenKind,
  AccessTokenOrder,
  AccessTokenStatus,
  TokensQueryVariables,
} from '../../graphql/generated/operations.js';

export const PAGE_LENGTH = 50;

const STATUSES: readonly AccessTokenStatus[] = ['ACTIVE', 'INACTIVE', 'EXPIRED', 'REMOVED'];
const LIVING: readonly AccessTokenStatus[] = ['ACTIVE', 'INACTIVE', 'EXPIRED'];
const KINDS: readonly AccessTokenKind[] = ['PERSONAL', 'SESSION', 'ORGANIZATION'];
const ORDERS: readonly AccessTokenOrder[] = [
  'CREATED_AT_DESC',
  'CREATED_AT_ASC',
  'DESCRIPTION_ASC',
  'EXPIRES_AT_ASC',
  'LAST_USED_AT_DESC',
  'LAST_USED_AT_ASC',
];
const DAY_MS = 24 * 60 * 60 * 1000;
/** For how long a token was not used, in days. */
export const UNUSED_DAYS = ['30', '90', '180', '365'] as const;
export type UnusedDays = (typeof UNUSED_DAYS)[number];

/** What part of the tokens is shown, and in which order. It lives in the page's address. */
export interface ListView {
  readonly search: string;
  readonly status: AccessTokenStatus | null;
  readonly kind: AccessTokenKind | null;
  readonly unused: UnusedDays | null;
  readonly order: AccessTokenOrder;
}

export function readListView(address: URLSearchParams): ListView {
  return {
    search: (address.get('search') ?? '').slice(0, LIMITS.searchMaxLength),
    status: oneOf(STATUSES, address.get('status')),
    kind: oneOf(KINDS, address.get('kind')),
    unused: oneOf(UNUSED_DAYS, address.get('unused')),
    order: oneOf(ORDERS, address.get('order')) ?? 'CREATED_AT_DESC',
  };
}

/** The view as an address's parameters; what is as usual is left out. */
export function writeListView(view: ListView): URLSearchParams {
  const address = new URLSearchParams();
  if (view.search) address.set('search', view.search);
  if (view.status) address.set('status', view.status);
  if (view.kind) address.set('kind', view.kind);
  if (view.unused) address.set('unused', view.unused);
  if (view.order !== 'CREATED_AT_DESC') address.set('order', view.order);
  return address;
}

export function isNarrowed(view: ListView): boolean {
  return view.search !== '' || view.status !== null || view.kind !== null || view.unused !== null;
}

/** Removed tokens are shown only to those who ask for them. */
export function toVariables(view: ListView, after: string | null): TokensQueryVariables {
  return {
    filter: {
      statuses: view.status ? [view.status] : LIVING,
      ...(view.kind && { kinds: [view.kind] }),
      ...(view.search && { search: view.search }),
      ...(view.unused && { unusedSince: dayBefore(Number(view.unused)) }),
    },
    orderBy: view.order,
    first: PAGE_LENGTH,
    after,
  };
}

/** The start of the day that was `days` days ago: the same all day, so that a list is not asked for anew at each drawing. */
function dayBefore(days: number): string {
  const today = Math.floor(Date.now() / DAY_MS);
  return new Date((today - days) * DAY_MS).toISOString();
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | null {
  return values.find((value) => value === text) ?? null;
}
