import type { TestServer } from '../../support/latchkey.js';
import { createToken, signIn, signUp } from '../../support/people.js';

export const ALL = ['READ', 'WRITE', 'DELETE'];

export interface Person {
  readonly sessionSecret: string;
  token(scopes?: string[], expiresAt?: string): Promise<{ id: string; secret: string }>;
  remove(token: { readonly id: string }): Promise<unknown>;
}

/** Somebody with an account who is signed in. The first is the administrator. */
export async function person(latchkey: TestServer, username: string): Promise<Person> {
  await signUp(latchkey, username);
  const { sessionSecret } = await signIn(latchkey, username);
  return {
    sessionSecret,
    token: (scopes = ALL, expiresAt) =>
      createToken(latchkey, sessionSecret, { scopes, ...(expiresAt && { expiresAt }) }),
    remove: ({ id }) =>
      latchkey.ask('mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }', {
        secret: sessionSecret,
        variables: { ids: [id] },
      }),
  };
}

export function basic(username: string, secret: string): { authorization: string } {
  return { authorization: `Basic ${btoa(`${username}:${secret}`)}` };
}

export function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` };
}
