import { checksum, hintOf, SECRET_PREFIX } from '@latchkey/shared';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export interface FakeUse {
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

export interface FakeToken {
  readonly id: string;
  readonly kind: 'PERSONAL' | 'SESSION';
  description: string;
  hint: string;
  readonly scopes: readonly string[];
  status: 'ACTIVE' | 'INACTIVE' | 'EXPIRED' | 'REMOVED';
  readonly createdAt: string;
  readonly expiresAt: string | null;
  lastUsedAt: string | null;
  lastUsedFrom: string | null;
  useCount: number;
  removedAt: string | null;
  removalReason: string | null;
  removalNote: string | null;
  sessionId: string | null;
}

export interface FakeSession {
  readonly id: string;
  readonly client: 'DESKTOP' | 'BROWSER' | 'API';
  readonly device: { id: string; name: string; platform: string; appVersion: string } | null;
  readonly ipAddress: string;
  readonly userAgent: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  expiresAt: string;
  endedAt: string | null;
  endReason: string | null;
}

export interface FakeData {
  readonly tokens: FakeToken[];
  readonly sessions: FakeSession[];
  readonly uses: FakeUse[];
}

/** A well-formed secret that is the same for the same number. */
export function secretOf(number: number): string {
  const random = String(number * 7919 + 1)
    .padEnd(30, 'x4Kq9Zr2Tn6Wb8Lc1Vd5Ph3Jf7Mg0S')
    .slice(0, 30);
  return SECRET_PREFIX.PERSONAL + random + checksum(random);
}

export function makeToken(number: number, token: Partial<FakeToken> & { age: number }): FakeToken {
  const { age, ...rest } = token;
  const kind = token.kind ?? 'PERSONAL';
  const hint = hintOf(secretOf(number));
  return {
    id: `t-${number}`,
    kind,
    description: `token ${number}`,
    hint: kind === 'SESSION' ? hint.replace('lkp_', 'lka_') : hint,
    scopes: ['READ'],
    status: 'ACTIVE',
    createdAt: ago(age),
    expiresAt: null,
    lastUsedAt: null,
    lastUsedFrom: null,
    useCount: 0,
    removedAt: null,
    removalReason: null,
    removalNote: null,
    sessionId: null,
    ...rest,
  };
}

export const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

/** An account of somebody who has used it for a while. */
export function believableData(): FakeData {
  const tokens = believableTokens();
  return { tokens, sessions: believableSessions(), uses: believableUses(tokens) };
}

/** An account with `count` tokens, "Runner 0000" the newest. */
export function manyTokens(count: number): FakeData {
  return {
    ...believableData(),
    tokens: Array.from({ length: count }, (_, index) =>
      makeToken(1000 + index, {
        age: index * MINUTE_MS,
        description: `Runner ${String(index).padStart(4, '0')}`,
      }),
    ),
  };
}

function believableTokens(): FakeToken[] {
  const used = (ms: number, from: string, useCount: number) => ({
    lastUsedAt: ago(ms),
    lastUsedFrom: from,
    useCount,
  });
  return [
    makeToken(1, {
      age: 2 * HOUR_MS,
      kind: 'SESSION',
      description: 'Desktop on build-box',
      scopes: ['READ', 'WRITE', 'DELETE'],
      sessionId: 's-2',
      ...used(3 * MINUTE_MS, '10.0.4.17', 214),
    }),
    makeToken(2, {
      age: 3 * DAY_MS,
      kind: 'SESSION',
      description: 'Desktop on mara-laptop',
      scopes: ['READ', 'WRITE', 'DELETE'],
      sessionId: 's-3',
      ...used(41 * MINUTE_MS, '192.0.2.44', 96),
    }),
    makeToken(3, {
      age: 8 * DAY_MS,
      description: 'CI: pull base images',
      expiresAt: ago(-22 * DAY_MS),
      ...used(9 * MINUTE_MS, '203.0.113.7', 48_213),
    }),
    makeToken(4, {
      age: 12 * DAY_MS,
      description: 'Release pipeline, pushes to registry and tags',
      scopes: ['READ', 'WRITE'],
      expiresAt: ago(-78 * DAY_MS),
      ...used(5 * HOUR_MS, '203.0.113.7', 311),
    }),
    makeToken(5, {
      age: 29 * DAY_MS,
      description: 'Nightly mirror',
      expiresAt: ago(-DAY_MS),
      ...used(11 * HOUR_MS, '198.51.100.23', 1204),
    }),
    makeToken(6, {
      age: 47 * DAY_MS,
      description: 'Old laptop',
      scopes: ['READ', 'WRITE', 'DELETE'],
      status: 'INACTIVE',
      ...used(33 * DAY_MS, '192.0.2.10', 812),
    }),
    makeToken(7, {
      age: 64 * DAY_MS,
      description:
        'Terraform state reader for the staging and production accounts of the platform team (eu-central)',
      expiresAt: ago(-200 * DAY_MS),
      ...used(2 * DAY_MS, '2001:db8:85a3::8a2e:370:7334', 5_902),
    }),
    makeToken(8, {
      age: 91 * DAY_MS,
      description: 'Trial for the documentation site',
      status: 'EXPIRED',
      expiresAt: ago(DAY_MS),
      ...used(6 * DAY_MS, '203.0.113.99', 17),
    }),
    makeToken(9, { age: 120 * DAY_MS, description: 'Renovate', scopes: ['READ', 'WRITE'] }),
    makeToken(10, {
      age: 300 * DAY_MS,
      description: 'Клиент отчётов',
      ...used(20 * DAY_MS, '198.51.100.4', 77),
    }),
    makeToken(11, {
      age: 18 * DAY_MS,
      kind: 'SESSION',
      description: 'Desktop on workstation-9',
      scopes: ['READ', 'WRITE', 'DELETE'],
      status: 'REMOVED',
      removedAt: ago(2 * HOUR_MS),
      removalReason: 'PRUNED',
      removalNote:
        'It was removed when build-box signed in as the sixth session. Sign in again on that device to get a new one.',
      ...used(4 * DAY_MS, '192.0.2.61', 40),
    }),
  ];
}

function believableSessions(): FakeSession[] {
  const session = (id: string, age: number, rest: Partial<FakeSession>): FakeSession => ({
    id,
    client: 'DESKTOP',
    device: null,
    ipAddress: '192.0.2.44',
    userAgent: null,
    createdAt: ago(age),
    lastSeenAt: ago(Math.min(age, 4 * MINUTE_MS)),
    expiresAt: ago(age - 30 * DAY_MS),
    endedAt: null,
    endReason: null,
    ...rest,
  });
  return [
    session('s-2', 2 * HOUR_MS, {
      ipAddress: '10.0.4.17',
      device: { id: 'd-1', name: 'build-box', platform: 'linux', appVersion: '0.1.0' },
    }),
    session('s-3', 3 * DAY_MS, {
      device: { id: 'd-2', name: 'mara-laptop', platform: 'darwin', appVersion: '0.1.0' },
    }),
    session('s-4', 9 * DAY_MS, {
      client: 'BROWSER',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ipAddress: '198.51.100.4',
    }),
    session('s-5', 11 * DAY_MS, {
      client: 'API',
      userAgent: 'latchkey-cli/0.1.0 linux',
      ipAddress: '2001:db8:85a3:1234:5678:8a2e:370:7334',
    }),
    session('s-6', 12 * DAY_MS, {
      device: {
        id: 'd-6',
        name: 'ci-runner-with-an-uncommonly-long-hostname.build.engineering.example.com',
        platform: 'linux',
        appVersion: '0.1.0',
      },
    }),
  ];
}

const CALLERS = [
  {
    userAgent: 'docker/27.3.1 go/go1.22',
    endpoint: 'REGISTRY',
    action: 'pull',
    resource: 'team/base:3.20',
  },
  {
    userAgent: 'git/2.39.5',
    endpoint: 'FORWARD_AUTH',
    action: 'fetch',
    resource: 'team/platform.git',
  },
  { userAgent: 'curl/8.9.1', endpoint: 'REST', action: 'GET', resource: '/api/v0/repositories' },
  {
    userAgent: 'containerd/1.7.21',
    endpoint: 'REGISTRY',
    action: 'pull',
    resource: 'team/web-frontend-with-a-rather-long-repository-name:2026.11.3',
  },
] as const;

/** Uses' identifiers are in the order of time, and within a millisecond in that of `count`. */
export function useId(occurredAt: string, count: number): string {
  return `u-${occurredAt}-${String(count).padStart(6, '0')}`;
}

function believableUses(tokens: readonly FakeToken[]): FakeUse[] {
  const living = tokens.filter(({ lastUsedAt }) => lastUsedAt !== null);
  return Array.from({ length: 130 }, (_, index) => {
    const token = living[(index * 3) % living.length] as FakeToken;
    const refused = index % 9 === 4;
    const occurredAt = ago(3 * MINUTE_MS + index * index * 14_000);
    return {
      id: useId(occurredAt, index),
      accessTokenId: token.id,
      occurredAt,
      outcome: refused ? 'REFUSED' : 'ALLOWED',
      reason: refused ? 'The token lacks WRITE.' : null,
      ipAddress: token.lastUsedFrom,
      repeatCount: 0,
      repeatedUntil: null,
      ...(CALLERS[index % CALLERS.length] as (typeof CALLERS)[number]),
      ...(refused && { action: 'push' }),
    } as FakeUse;
  });
}

/** Uses by day over `days` days, the same for the same token. */
export function usageByDay(token: FakeToken, days: number) {
  const seed = Number(token.id.slice(2)) || 1;
  return Array.from({ length: days }, (_, index) => {
    const weekday = (index + seed) % 7;
    const busy =
      token.useCount === 0 ? 0 : Math.round((token.useCount / 40) * (weekday < 5 ? 1 : 0.2));
    return {
      date: ago((days - 1 - index) * DAY_MS).slice(0, 10),
      allowed: Math.round(busy * (0.6 + ((index * 37 + seed * 11) % 50) / 60)),
      refused: (index * seed) % 11 === 3 && busy > 0 ? Math.max(1, Math.round(busy * 0.05)) : 0,
    };
  });
}
