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
];

/** What part of the tokens is shown, and in which order. It lives in the page's address. */
export interface ListView {
  readonly search: string;
  readonly status: AccessTokenStatus | null;
  readonly kind: AccessTokenKind | null;
  readonly order: AccessTokenOrder;
}

export function readListView(address: URLSearchParams): ListView {
  return {
    search: (address.get('search') ?? '').slice(0, LIMITS.searchMaxLength),
    status: oneOf(STATUSES, address.get('status')),
    kind: oneOf(KINDS, address.get('kind')),
    order: oneOf(ORDERS, address.get('order')) ?? 'CREATED_AT_DESC',
  };
}

/** The view as an address's parameters; what is as usual is left out. */
export function writeListView(view: ListView): URLSearchParams {
  const address = new URLSearchParams();
  if (view.search) address.set('search', view.search);
  if (view.status) address.set('status', view.status);
  if (view.kind) address.set('kind', view.kind);
  if (view.order !== 'CREATED_AT_DESC') address.set('order', view.order);
  return address;
}

export function isNarrowed(view: ListView): boolean {
  return view.search !== '' || view.status !== null || view.kind !== null;
}

/** Removed tokens are shown only to those who ask for them. */
export function toVariables(view: ListView, after: string | null): TokensQueryVariables {
  return {
    filter: {
      statuses: view.status ? [view.status] : LIVING,
      ...(view.kind && { kinds: [view.kind] }),
      ...(view.search && { search: view.search }),
    },
    orderBy: view.order,
    first: PAGE_LENGTH,
    after,
  };
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | null {
  return values.find((value) => value === text) ?? null;
}
