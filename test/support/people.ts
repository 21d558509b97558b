import type { Asking, GraphqlRequest } from './graphql.js';
import { PASSWORD, SETUP_CODE } from './latchkey.js';

type Endpoint = Pick<Asking, 'url' | 'ask'>;

export interface SignedIn {
  readonly sessionId: string;
  readonly sessionSecret: string;
  /** Of a sign-in that names its device. */
  readonly deviceKey: string | undefined;
  readonly accessTokenId: string | undefined;
  readonly accessTokenSecret: string | undefined;
  readonly removedAccessTokens: readonly {
    readonly id: string;
    readonly removalReason: string;
    readonly removalNote: string;
  }[];
}

export const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { id role username } }`;
export const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) {
    session { id }
    sessionSecret
    deviceKey
    accessToken { id }
    accessTokenSecret
    removedAccessTokens { id removalReason removalNote }
  }
}`;

/** The request of a sign-up whose password is `PASSWORD`. */
export function signUpRequest(username: string, password = PASSWORD): GraphqlRequest {
  return {
    variables: {
      input: { username, email: 'somebody@example.com', password, setupCode: SETUP_CODE },
    },
  };
}

/** Makes an account; its password is `PASSWORD`. @returns its identifier */
export async function signUp(server: Endpoint, username: string): Promise<string> {
  return (await server.ask(SIGN_UP, signUpRequest(username))).signUp.id;
}

interface SignInOptions {
  readonly password?: string;
  readonly device?: string | undefined;
  /** What an earlier sign-in on the device answered. */
  readonly key?: string | undefined;
}

/** The request of a sign-in by the API, or on a desktop where `device` is given. */
export function signInRequest(
  username: string,
  { password = PASSWORD, device, key }: SignInOptions = {},
): GraphqlRequest {
  const desktop = device && {
    client: 'DESKTOP',
    device: { id: `id of ${device}`, name: device, key },
  };
  return { variables: { input: { username, password, ...desktop } } };
}

/** Signs in by the API, or on a desktop where `device` is given. */
export async function signIn(
  server: Endpoint,
  username: string,
  device?: string,
  request: GraphqlRequest = {},
): Promise<SignedIn> {
  const { signIn } = await server.ask(SIGN_IN, {
    ...signInRequest(username, { device }),
    ...request,
  });
  return {
    sessionId: signIn.session.id,
    sessionSecret: signIn.sessionSecret,
    deviceKey: signIn.deviceKey ?? undefined,
    accessTokenId: signIn.accessToken?.id,
    accessTokenSecret: signIn.accessTokenSecret ?? undefined,
    removedAccessTokens: signIn.removedAccessTokens,
  };
}

/** An account and a session of it. */
export async function signedUp(server: Endpoint, username: string): Promise<SignedIn> {
  await signUp(server, username);
  return signIn(server, username);
}

export interface DesktopSignIn extends SignedIn {
  readonly accessTokenId: string;
  readonly accessTokenSecret: string;
}

/** Signs in on a desktop, which mints a session token. */
export async function signInOn(
  server: Endpoint,
  username: string,
  device: string,
): Promise<DesktopSignIn> {
  const { accessTokenId, accessTokenSecret, ...rest } = await signIn(server, username, device);
  if (accessTokenId === undefined || accessTokenSecret === undefined) {
    throw new Error('A desktop sign-in minted no token.');
  }
  return { ...rest, accessTokenId, accessTokenSecret };
}

export const CREATE = `mutation ($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) { secret accessToken { id } }
}`;

/** Makes a personal token. */
export async function createToken(
  server: Endpoint,
  sessionSecret: string,
  input: {
    description?: string;
    scopes?: string[];
    expiresAt?: string;
    expiresInSeconds?: number;
  } = {},
): Promise<{ id: string; secret: string }> {
  const variables = { input: { description: 'a token', scopes: ['READ'], ...input } };
  const { createAccessToken } = await server.ask(CREATE, { variables, secret: sessionSecret });
  return { id: createAccessToken.accessToken.id, secret: createAccessToken.secret };
}

/** Asks the forward-auth endpoint with a bearer secret. */
export function askEndpoint(
  { url }: Pick<Asking, 'url'>,
  secret: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/auth/verify${query}`, {
    headers: { authorization: `Bearer ${secret}`, ...headers },
  });
}

/** Asks the forward-auth endpoint; @returns the HTTP status. */
export async function verify(
  server: Pick<Asking, 'url'>,
  secret: string,
  query = '',
): Promise<number> {
  return (await askEndpoint(server, secret, query)).status;
}
