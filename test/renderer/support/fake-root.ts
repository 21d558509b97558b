import {
  ago,
  type FakeSession,
  type FakeToken,
  type FakeUse,
  makeToken,
  secretOf,
} from './fake-data.js';
import {
  connection,
  fits,
  matches,
  type Page,
  sorted,
  type TokenQuery,
  type UseFilter,
} from './fake-lists.js';
import { accountOf, toSession, toToken } from './fake-objects.js';
import type { Caller, FakeServer } from './fake-server.js';
import { refusal, type SignInInput, signIn } from './fake-sign-in.js';

/** By which the fake server's first account is made. */
export const SETUP_CODE = 'the-set-up-code';

interface SignUpInput {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly setupCode?: string;
}

type NewFakeToken = Partial<Omit<FakeToken, 'description'>> & {
  description?: string | null;
  expiresInSeconds?: number;
};

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
      registryHost: server.registryHost,
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
    signUp: ({ input: { setupCode, ...input } }: { input: SignUpInput }) => {
      if (server.account === undefined && setupCode !== SETUP_CODE) {
        throw refusal('VALIDATION_FAILED', 'Wrong.', {
          fields: [{ path: 'input.setupCode', message: 'This is not the set-up code.' }],
        });
      }
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
    createAccessToken: ({ input }: { input: NewFakeToken }) => {
      const number = data.tokens.length + 100;
      const { description, expiresInSeconds, ...rest } = input;
      const token = makeToken(number, {
        age: 0,
        ...rest,
        ...(description && { description }),
        ...(expiresInSeconds && { expiresAt: ago(-expiresInSeconds * 1000) }),
      });
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
    setAccessTokensActive: ({ ids, active }: { ids: string[]; active: boolean }) =>
      ids.map(tokenOf).map((token) => {
        token.status = active ? 'ACTIVE' : 'INACTIVE';
        return toToken(server, token);
      }),
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
