import type {
  AccessTokenKind,
  AccessTokenStatus,
  ClientKind,
  Endpoint,
  RemovalReason,
  Scope,
} from '../graphql/generated/operations.js';

/** What the API's values are called in front of people. */
export const KIND_LABELS: Readonly<Record<AccessTokenKind, string>> = {
  PERSONAL: 'Manual',
  SESSION: 'Automatic',
  ORGANIZATION: 'Organization',
};

export const STATUS_LABELS: Readonly<Record<AccessTokenStatus, string>> = {
  ACTIVE: 'Active',
  INACTIVE: 'Inactive',
  EXPIRED: 'Expired',
  REMOVED: 'Removed',
};

export const SCOPES: readonly { scope: Scope; word: string; allows: string }[] = [
  {
    scope: 'READ',
    word: 'Read',
    allows: 'Pull images, clone and fetch repositories, read from APIs.',
  },
  { scope: 'WRITE', word: 'Write', allows: 'Push images and commits, change things through APIs.' },
  {
    scope: 'DELETE',
    word: 'Delete',
    allows: 'Remove images, branches and whatever else can be removed.',
  },
];

export const REMOVAL_TEXTS: Readonly<Record<RemovalReason, string>> = {
  DELETED: 'It was deleted.',
  PRUNED: 'It made room for a newer session token: an account keeps only the newest.',
  REPLACED: 'Its device signed in again.',
  SIGNED_OUT: 'Its session was signed out.',
  SESSION_EXPIRED: 'Its session expired.',
  SESSION_REVOKED: 'Its session was ended from another device.',
  ROTATED: 'It was rotated, and its old secret has stopped working.',
  REPORTED_LEAKED: 'Somebody reported its secret as leaked.',
  ACCOUNT_DISABLED: 'Its account was disabled.',
};

export const ENDPOINT_LABELS: Readonly<Record<Endpoint, string>> = {
  FORWARD_AUTH: 'Proxy',
  GRAPHQL: 'GraphQL',
  INTROSPECTION: 'Introspection',
  REGISTRY: 'Registry',
  REST: 'REST',
};

export const CLIENT_KIND_LABELS: Readonly<Record<ClientKind, string>> = {
  API: 'API',
  BROWSER: 'Browser',
  DESKTOP: 'Desktop app',
};

/** "Read, write, delete", in reading order. */
export function scopesText(scopes: readonly Scope[]): string {
  const words = SCOPES.filter(({ scope }) => scopes.includes(scope)).map(({ word }) => word);
  const text = words.join(', ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "1 token", "3 tokens"; numbers with thin grouping. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
