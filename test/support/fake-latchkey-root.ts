import { makeSecret } from '@latchkey/shared';
import { GraphQLError } from 'graphql';
import type { FakeLatchkey } from './fake-latchkey.js';
import {
  ACCOUNT,
  describeSession,
  describeToken,
  describeUses,
  type FakeSession,
  randomBytes,
} from './fake-latchkey-data.js';

const SESSION_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

interface UseFilter {
  readonly accessTokenId: string;
  readonly outcome?: string;
  readonly until?: string;
}

interface SignInInput {
  readonly username: string;
  readonly password: string;
  readonly oneTimePassword?: string;
  readonly device?: Readonly<Record<string, string>>;
}

/** The schema's root fields as `caller` sees them: the session whose secret came with the request. */
export function createRoot(fake: FakeLatchkey, caller: FakeSession | undefined) {
  const mine = (): FakeSession => {
    if (caller === undefined) throw refusal('UNAUTHENTICATED', 'Sign in first.');
    if (caller.isOver) throw refusal('SESSION_EXPIRED', 'This session was ended.');
    return caller;
  };
  return {
    serverInfo: () => ({
      version: fake.version,
      setupRequired: false,
      signUpsOpen: false,
      sessionTokenLimit: 5,
    }),
    signIn: ({ input }: { input: SignInInput }) => signIn(fake, input),
    signOut: () => {
      mine().isOver = true;
      return true;
    },
    viewer: () => {
      const session = mine();
      return { account: ACCOUNT, session: describeSession(session), effectivePermissions: [] };
    },
    accessToken: ({ id }: { id: string }) => {
      mine();
      const token = fake.sessions.find((session) => session.token.id === id)?.token;
      return token === undefined ? null : describeToken(token);
    },
    usageEvents: ({ filter, first }: { filter: UseFilter; first: number }) => {
      mine();
      const token = fake.sessions.find(({ token }) => token.id === filter.accessTokenId)?.token;
      return describeUses(token, filter, first);
    },
    ensureSessionToken: () => {
      const session = mine();
      if (session.token.removedAt !== null) session.token = fake.makeToken('Session on desktop');
      // The old secret is kept nowhere, so a live token is given a new one, and the old one ends at once.
      else session.token.secret = makeSecret('SESSION_TOKEN', randomBytes);
      return { accessToken: describeToken(session.token), secret: session.token.secret };
    },
    createAccessToken: () => {
      mine();
      const token = { ...fake.makeToken('ci'), secret: makeSecret('PERSONAL', randomBytes) };
      return { accessToken: describeToken(token), secret: token.secret };
    },
    rotateAccessToken: () => {
      const { token } = mine();
      return { accessToken: describeToken(token), secret: token.secret };
    },
  };
}

function signIn(fake: FakeLatchkey, input: SignInInput): unknown {
  if (input.password !== 'correct horse battery' || input.username !== ACCOUNT.username) {
    throw refusal('INVALID_CREDENTIALS', 'The username or the password is wrong.');
  }
  if (fake.oneTimePassword !== undefined && input.oneTimePassword !== fake.oneTimePassword) {
    throw refusal('ONE_TIME_PASSWORD_REQUIRED', 'Enter the code from your authenticator app.');
  }
  const replaced = fake.sessions.find(({ device, isOver }) => {
    return !isOver && device.id === input.device?.id;
  });
  const session: FakeSession = {
    id: `session-${fake.sessions.length + 1}`,
    secret: makeSecret('SESSION', randomBytes),
    device: input.device ?? {},
    expiresAt: new Date(Date.now() + SESSION_LIFE_MS).toISOString(),
    token: fake.makeToken('Session on desktop'),
    isOver: false,
  };
  fake.devices.push(input.device);
  fake.sessions.push(session);
  if (replaced !== undefined) fake.endSession(replaced, 'REPLACED');
  return {
    account: ACCOUNT,
    session: describeSession(session),
    sessionSecret: session.secret,
    deviceKey: input.device?.['key'] ?? makeSecret('DEVICE', randomBytes),
    accessToken: describeToken(session.token),
    accessTokenSecret: session.token.secret,
    removedAccessTokens: fake.removedAtSignIn.map(describeToken),
  };
}

export function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
