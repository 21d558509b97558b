import { GraphQLError } from 'graphql';
import { ago, DAY_MS, type FakeSession } from './fake-data.js';
import { accountOf, toSession, toToken } from './fake-objects.js';
import type { Caller, FakeServer } from './fake-server.js';

export interface SignInInput {
  readonly username: string;
  readonly password: string;
  readonly oneTimePassword?: string;
  readonly client: FakeSession['client'];
}

export function refusal(code: string, message: string, extensions: object = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

export function signIn(server: FakeServer, input: SignInInput, caller: Caller) {
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
