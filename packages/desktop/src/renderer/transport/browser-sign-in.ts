import type { ApolloClient } from '@apollo/client';
import { SignInDocument, type SignInMutation } from '../graphql/generated/operations.js';
import type { BrowserSession } from './browser-session.js';
import { problemOf } from './problem.js';
import type { StateStore } from './state-store.js';
import type { Credentials, RemovedAccessToken, SignInOutcome } from './transport.js';

/** Signs in; the server puts the session into a cookie, and its secret is never asked for. */
export async function signInByCookie(
  client: ApolloClient,
  store: StateStore,
  session: BrowserSession,
  { username, password, oneTimePassword }: Credentials,
): Promise<SignInOutcome> {
  const code = oneTimePassword && { oneTimePassword };
  const input = { username, password, client: 'BROWSER', ...code } as const;
  try {
    const { data } = await client.mutate({ mutation: SignInDocument, variables: { input } });
    await session.refresh();
    if (store.get().session.status !== 'SIGNED_IN') return { ok: false, problem: COOKIE_NOT_KEPT };
    return { ok: true, removedAccessTokens: removedBy(data) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

const COOKIE_NOT_KEPT = {
  code: 'UNAUTHENTICATED',
  message:
    'The password is right, but the browser did not keep the session. Allow cookies for this address, then try again.',
};

function removedBy(data: SignInMutation | undefined): RemovedAccessToken[] {
  return (data?.signIn.removedAccessTokens ?? []).map(({ session, ...token }) => ({
    ...token,
    deviceName: session?.device?.name ?? null,
  }));
}
