/** What a `FakeLatchkey` holds, and how its schema shows it. */
export interface FakeToken {
  readonly id: string;
  secret: string;
  description: string;
  createdAt: string;
  removalReason: string | null;
  removalNote: string | null;
  removedAt: string | null;
  /** Newest first. */
  uses: FakeUse[];
}

export interface FakeUse {
  readonly id: string;
  readonly occurredAt: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly outcome: 'ALLOWED' | 'REFUSED';
}

export interface FakeSession {
  readonly id: string;
  readonly secret: string;
  readonly device: Readonly<Record<string, string>>;
  expiresAt: string;
  token: FakeToken;
  isOver: boolean;
}

export const ACCOUNT = {
  id: 'account-1',
  username: 'ada',
  email: 'ada@example.com',
  role: 'MEMBER',
  permissions: ['READ', 'WRITE', 'DELETE'],
  twoFactorEnabled: false,
  createdAt: '2026-01-01T00:00:00.000Z',
};

export function describeSession(session: FakeSession, endReason: string | null = null): object {
  const { token } = session;
  return {
    id: session.id,
    client: 'DESKTOP',
    device: session.device,
    current: true,
    createdAt: '2026-01-01T00:00:00.000Z',
    lastSeenAt: '2026-01-01T00:00:00.000Z',
    expiresAt: session.expiresAt,
    endReason,
    accessToken: token.removedAt === null ? describeToken(token) : null,
  };
}

export function describeToken(token: FakeToken): object {
  return {
    id: token.id,
    kind: 'SESSION',
    description: token.description,
    hint: `lka_…${token.secret.slice(-4)}`,
    scopes: ['READ', 'WRITE', 'DELETE'],
    status: token.removedAt === null ? 'ACTIVE' : 'REMOVED',
    createdAt: token.createdAt,
    useCount: token.uses.length,
    removalReason: token.removalReason,
    removalNote: token.removalNote,
    removedAt: token.removedAt,
    session: { device: { id: 'device-1', name: 'build-box' } },
  };
}

/** The uses that a filter lets through, as a page. */
export function describeUses(
  token: FakeToken | undefined,
  { outcome, until }: { readonly outcome?: string; readonly until?: string },
  first: number,
): object {
  const uses = (token?.uses ?? []).filter(
    (use) => (!outcome || use.outcome === outcome) && (!until || use.occurredAt < until),
  );
  return {
    edges: uses.slice(0, first).map((use) => ({ cursor: use.id, node: use })),
    pageInfo: { hasNextPage: uses.length > first },
  };
}

export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
