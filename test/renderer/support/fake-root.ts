import { GraphQLError } from 'graphql';
import {
  ago,
  DAY_MS,
  type FakeSession,
  type FakeToken,
  type FakeUse,
  makeToken,
  secretOf,
  usageByDay,
} from './fake-data.js';
import type { Caller, FakeServer } from './fake-server.js';

interface Page {
  readonly first: number;
  readonly after?: string;
}

/** The schema's root fields over a fake server's data. */
export function createRoot(server: FakeServer) {
  const { data } = server;
  const account = () => accountOf(server);
  const signedIn = (caller: Caller): FakeSession => {
    if (!caller.session) throw refusal('UNAUTHENTICATED', 'You are not signed in.');
    return caller.session;
  };
  const tokenOf = (id: string): FakeToken => {
    const token = data.tokens.find((one) => one.id === id);
    if (!token) throw refusal('NOT_FOUND', 'There is no such token.');
    return token;
  };

  return {
    serverInfo: () => ({
      version: '0.1.0',
      setupRequired: server.account === undefined,
      signUpsOpen: server.signUpsOpen,
      sessionTokenLimit: 5,
      tokenMaxLifetimeDays: server.tokenMaxLifetimeDays,
    }),
    viewer: (_: unknown, caller: Caller) => ({
      session: toSession(server, signedIn(caller)),
      account: account(),
      effectivePermissions: ['READ', 'WRITE', 'DELETE'],
    }),
    accessToken: ({ id }: { id: string }, caller: Caller) => {
      signedIn(caller);
      const token = data.tokens.find((one) => one.id === id);
      return token ? toToken(server, token) : null;
    },
    accessTokens: (args: Page & TokenQuery, caller: Caller) => {
      signedIn(caller);
      const found = sorted(
        data.tokens.filter((token) => matches(token, args.filter)),
        args.orderBy,
      );
      const active = data.tokens.filter(({ status }) => status === 'ACTIVE').length;
      const living = data.tokens.filter(({ status }) => status !== 'REMOVED').length;
      return {
        ...connection(found, args, (token) => toToken(server, token)),
        totalCount: found.length,
        activeCount: active,
        inactiveCount: living - active,
      };
    },
    sessions: (_: unknown, caller: Caller) => {
      signedIn(caller);
      return data.sessions
        .filter(({ endedAt }) => endedAt === null)
        .map((session) => toSession(server, session));
    },
    usageEvents: (args: Page & { filter?: UseFilter }, caller: Caller) => {
      signedIn(caller);
      return connection(
        data.uses.filter((use) => fits(use, args.filter)),
        args,
        (use) => use,
      );
    },

    signIn: ({ input }: { input: SignInInput }, caller: Caller) => signIn(server, input, caller),
    signUp: ({ input }: { input: { username: string; email: string; password: string } }) => {
      if (input.username === 'taken') {
        throw refusal('VALIDATION_FAILED', 'That name is taken.', {
          fields: [
            { path: 'input.username', message: 'Somebody has this name already. Choose another.' },
          ],
        });
      }
      server.account = { ...input, role: 'ADMINISTRATOR' };
      return account();
    },
    signOut: (_: unknown, caller: Caller) => {
      server.endSession(signedIn(caller));
      caller.setSession(undefined);
      return true;
    },
    endSession: ({ id }: { id: string }) => {
      const session = data.sessions.find((one) => one.id === id);
      if (!session) throw refusal('NOT_FOUND', 'There is no such session.');
      server.endSession(session);
      return toSession(server, session);
    },
    endOtherSessions: (_: unknown, caller: Caller) => {
      const own = signedIn(caller);
      const others = data.sessions.filter(({ id, endedAt }) => id !== own.id && endedAt === null);
      for (const other of others) server.endSession(other);
      return others.map(({ id }) => id);
    },
    changePassword: ({ currentPassword }: { currentPassword: string }) => {
      if (currentPassword !== server.account?.password) {
        throw refusal('VALIDATION_FAILED', 'The current password is not right.', {
          fields: [{ path: 'currentPassword', message: 'This is not your current password.' }],
        });
      }
      return true;
    },
    createAccessToken: ({ input }: { input: Partial<FakeToken> }) => {
      const number = data.tokens.length + 100;
      const token = makeToken(number, { age: 0, ...input });
      data.tokens.unshift(token);
      server.events.emit('accessTokenChanged', {
        kind: 'CREATED',
        accessToken: toToken(server, token),
      });
      return { accessToken: toToken(server, token), secret: secretOf(number) };
    },
    updateAccessToken: ({
      input,
    }: {
      input: { id: string; description?: string; active?: boolean };
    }) => {
      const token = tokenOf(input.id);
      if (input.description) token.description = input.description;
      if (input.active !== undefined) token.status = input.active ? 'ACTIVE' : 'INACTIVE';
      return toToken(server, token);
    },
    rotateAccessToken: ({ id }: { id: string }) => ({
      accessToken: toToken(server, tokenOf(id)),
      secret: secretOf(4711),
    }),
    deleteAccessTokens: ({ ids }: { ids: string[] }) => {
      for (const id of ids) {
        server.remove(tokenOf(id), 'DELETED', `It was deleted by ${server.account?.username}.`);
      }
      return ids;
    },

    usageEventRecorded: ({ accessTokenId }: { accessTokenId?: string }) =>
      server.follow(
        'usageEventRecorded',
        (use: FakeUse) => !accessTokenId || use.accessTokenId === accessTokenId,
      ),
    accessTokenChanged: () => server.follow('accessTokenChanged'),
    sessionEnded: () => server.follow('sessionEnded'),
  };
}

interface TokenQuery {
  readonly filter?: { search?: string; statuses?: string[]; kinds?: string[] };
  readonly orderBy: string;
}
interface UseFilter {
  readonly accessTokenId?: string;
  readonly outcome?: string;
}
interface SignInInput {
  readonly username: string;
  readonly password: string;
  readonly oneTimePassword?: string;
  readonly client: FakeSession['client'];
}

function refusal(code: string, message: string, extensions: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

function accountOf({ account }: FakeServer) {
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

function signIn(server: FakeServer, input: SignInInput, caller: Caller) {
  const { account } = server;
  if (input.username !== account?.username || input.password !== account.password) {
    throw refusal('INVALID_CREDENTIALS', 'The username or the password is not right.');
  }
  if (server.oneTimePassword && !input.oneTimePassword) {
    throw refusal('ONE_TIME_PASSWORD_REQUIRED', 'A one-time password is needed.');
  }
  if (server.oneTimePassword && input.oneTimePassword !== server.oneTimePassword) {
    throw refusal('INVALID_CREDENTIALS', 'The username or the password is not right.');
  }
  const session: FakeSession = {
    id: `s-own-${server.data.sessions.length}`,
    client: input.client,
    device: null,
    ipAddress: '127.0.0.1',
    userAgent: caller.userAgent,
    createdAt: ago(30 * DAY_MS - server.sessionLifeMs),
    lastSeenAt: ago(0),
    expiresAt: ago(-server.sessionLifeMs),
    endedAt: null,
    endReason: null,
  };
  server.data.sessions.push(session);
  caller.setSession(session);
  return {
    account: accountOf(server),
    session: toSession(server, session),
    sessionSecret: () => {
      throw new Error('A browser must not ask for the session secret.');
    },
    removedAccessTokens: server.removedAtSignIn.map((token) => toToken(server, token)),
  };
}

function toSession(server: FakeServer, session: FakeSession): object {
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

function toToken(server: FakeServer, token: FakeToken): object {
  return {
    ...token,
    session: () => {
      const session = server.data.sessions.find(({ id }) => id === token.sessionId);
      return session ? toSession(server, session) : null;
    },
    usageByDay: ({ days }: { days: number }) => usageByDay(token, days),
    recentCallers: () =>
      token.useCount === 0
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

function matches(token: FakeToken, filter: TokenQuery['filter']): boolean {
  const search = filter?.search?.toLowerCase();
  return (
    (filter?.statuses?.includes(token.status) ?? token.status !== 'REMOVED') &&
    (filter?.kinds?.includes(token.kind) ?? true) &&
    (!search ||
      token.description.toLowerCase().includes(search) ||
      token.hint.toLowerCase().includes(search))
  );
}

function fits(use: FakeUse, filter: UseFilter | undefined): boolean {
  return (
    (!filter?.accessTokenId || use.accessTokenId === filter.accessTokenId) &&
    (!filter?.outcome || use.outcome === filter.outcome)
  );
}

function sorted(tokens: readonly FakeToken[], orderBy: string): FakeToken[] {
  const far = '9999';
  const key: Record<string, (token: FakeToken) => string> = {
    CREATED_AT_ASC: ({ createdAt }) => createdAt,
    CREATED_AT_DESC: ({ createdAt }) => createdAt,
    LAST_USED_AT_DESC: ({ lastUsedAt }) => lastUsedAt ?? '',
    EXPIRES_AT_ASC: ({ expiresAt }) => expiresAt ?? far,
    DESCRIPTION_ASC: ({ description }) => description.toLowerCase(),
  };
  const of = key[orderBy] ?? (() => '');
  const ascending = tokens.toSorted((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0));
  return orderBy.endsWith('DESC') ? ascending.reverse() : ascending;
}

function connection<Item>(
  items: readonly Item[],
  { first, after }: Page,
  toNode: (item: Item) => object,
) {
  const start = after ? Number(after) : 0;
  const end = Math.min(items.length, start + first);
  return {
    edges: items
      .slice(start, end)
      .map((item, index) => ({ cursor: String(start + index + 1), node: toNode(item) })),
    pageInfo: { hasNextPage: end < items.length, endCursor: String(end) },
  };
}
