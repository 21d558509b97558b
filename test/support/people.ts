import { PASSWORD, type TestServer } from './latchkey.js';

type Door = Pick<TestServer, 'url' | 'ask'>;

export interface SignedIn {
  readonly sessionId: string;
  readonly sessionSecret: string;
  readonly accessTokenId: string | undefined;
  readonly accessTokenSecret: string | undefined;
  readonly removedAccessTokens: readonly {
    readonly id: string;
    readonly removalReason: string;
    readonly removalNote: string;
  }[];
}

const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { id } }`;
const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) {
    session { id }
    sessionSecret
    accessToken { id }
    accessTokenSecret
    removedAccessTokens { id removalReason removalNote }
  }
}`;

/** Makes an account; its password is `PASSWORD`. @returns its identifier */
export async function signUp(server: Door, username: string): Promise<string> {
  const input = { username, email: `${username}@example.com`, password: PASSWORD };
  return (await server.ask(SIGN_UP, { variables: { input } })).signUp.id;
}

/** Signs in by the API, or on a desktop where `device` is given. */
export async function signIn(server: Door, username: string, device?: string): Promise<SignedIn> {
  const desktop = device && { client: 'DESKTOP', device: { id: `id of ${device}`, name: device } };
  const input = { username, password: PASSWORD, ...desktop };
  const { signIn } = await server.ask(SIGN_IN, { variables: { input } });
  return {
    sessionId: signIn.session.id,
    sessionSecret: signIn.sessionSecret,
    accessTokenId: signIn.accessToken?.id,
    accessTokenSecret: signIn.accessTokenSecret ?? undefined,
    removedAccessTokens: signIn.removedAccessTokens,
  };
}

const CREATE = `mutation ($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) { secret accessToken { id } }
}`;

/** Makes a personal token. */
export async function createToken(
  server: Door,
  sessionSecret: string,
  input: { description?: string; scopes?: string[]; expiresAt?: string } = {},
): Promise<{ id: string; secret: string }> {
  const variables = { input: { description: 'a token', scopes: ['READ'], ...input } };
  const { createAccessToken } = await server.ask(CREATE, { variables, secret: sessionSecret });
  return { id: createAccessToken.accessToken.id, secret: createAccessToken.secret };
}

/** Asks the forward-auth door; @returns the HTTP status. */
export async function verify(server: Door, secret: string, query = ''): Promise<number> {
  const headers = { authorization: `Bearer ${secret}` };
  return (await fetch(`${server.url}/auth/verify${query}`, { headers })).status;
}
