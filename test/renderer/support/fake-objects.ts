import { ago, DAY_MS, type FakeSession, type FakeToken, usageByDay } from './fake-data.js';
import { connection, type Page } from './fake-lists.js';
import type { Caller, FakeServer } from './fake-server.js';

/** The schema's objects over a fake server's data. */
export function accountOf({ account }: FakeServer) {
  return {
    id: 'a-1',
    username: account?.username,
    email: account?.email,
    role: account?.role,
    permissions: ['READ', 'WRITE', 'DELETE'],
    twoFactorEnabled: false,
    createdAt: ago(400 * DAY_MS),
  };
}

export function toSession(server: FakeServer, session: FakeSession): object {
  return {
    ...session,
    current: (_: unknown, caller: Caller) => caller.session?.id === session.id,
    accessToken: () => {
      const token = server.data.tokens.find(
        ({ sessionId, status }) => sessionId === session.id && status !== 'REMOVED',
      );
      return token ? toToken(server, token) : null;
    },
  };
}

export function toToken(server: FakeServer, token: FakeToken): object {
  return {
    ...token,
    session: () => {
      const session = server.data.sessions.find(({ id }) => id === token.sessionId);
      return session ? toSession(server, session) : null;
    },
    usageByDay: ({ days }: { days: number }) => usageByDay(token, days),
    recentCallers: ({ days }: { days: number }) =>
      token.lastUsedAt === null || Date.parse(token.lastUsedAt) < Date.now() - days * DAY_MS
        ? []
        : [
            {
              ipAddress: token.lastUsedFrom,
              userAgent: 'docker/27.3.1',
              lastUsedAt: token.lastUsedAt,
              useCount: 31,
            },
            {
              ipAddress: '198.51.100.23',
              userAgent: 'git/2.39.5',
              lastUsedAt: ago(2 * DAY_MS),
              useCount: 4,
            },
          ],
    usageEvents: (page: Page) =>
      connection(
        server.data.uses.filter(({ accessTokenId }) => accessTokenId === token.id),
        page,
        (use) => use,
      ),
  };
}
