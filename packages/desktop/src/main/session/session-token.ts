import type { Outcome } from '../../ipc/contract.js';
import type { RemovedAccessToken, SessionTokenState } from '../../ipc/state.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import { ask } from './ask.js';
import { removedWithoutTrace, toRemovedToken } from './removed-token.js';
import { ENSURE_SESSION_TOKEN, TOMBSTONE } from './session-operations.js';
import type { StoredSession } from './stored-session.js';

export type TokenPart = Pick<
  StoredSession,
  'accessTokenId' | 'accessTokenHint' | 'accessTokenSecret'
>;

/** The state of a token that lives. */
export function liveToken(token: TokenPart): SessionTokenState {
  return { status: 'LIVE', id: token.accessTokenId, hint: token.accessTokenHint };
}

/** Brings the session's own token back, or the same one where it still lives. */
export async function requestSessionToken(
  transport: HttpTransport,
  session: StoredSession,
): Promise<Outcome<TokenPart>> {
  const { serverAddress, sessionSecret } = session;
  const answer = await ask(transport, serverAddress, sessionSecret, ENSURE_SESSION_TOKEN);
  if (!answer.ok) return answer;
  const { accessToken, secret } = answer.value.ensureSessionToken;
  return {
    ok: true,
    value: {
      accessTokenId: accessToken.id,
      accessTokenHint: accessToken.hint,
      accessTokenSecret: secret,
    },
  };
}

/** What remains of the session's token after it was removed while nobody listened. */
export async function requestTombstone(
  transport: HttpTransport,
  session: StoredSession,
): Promise<Outcome<RemovedAccessToken>> {
  const { serverAddress, sessionSecret, accessTokenId: id, accessTokenHint } = session;
  const answer = await ask(transport, serverAddress, sessionSecret, TOMBSTONE, { id });
  if (!answer.ok) return answer;
  const { accessToken: token } = answer.value;
  const value = token === null ? removedWithoutTrace(id, accessTokenHint) : toRemovedToken(token);
  return { ok: true, value };
}
