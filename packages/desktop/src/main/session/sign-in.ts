import type { Outcome, ReauthenticateRequest } from '../../ipc/contract.js';
import type { RemovedAccessToken } from '../../ipc/state.js';
import { serverTooOld } from '../graphql/connection-problem.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import { ask } from './ask.js';
import type { DeviceKeys } from './device-keys.js';
import { toRemovedToken } from './removed-token.js';
import { SIGN_IN } from './session-operations.js';
import type { StoredSession } from './stored-session.js';

/** How this installation introduces itself to a server. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly appVersion: string;
  readonly keys: DeviceKeys;
}

interface SignedIn {
  readonly session: StoredSession;
  readonly removedAccessTokens: readonly RemovedAccessToken[];
}

/** Signs in at `address` as this device; the answer holds secrets and stays in main. */
export async function requestSignIn(
  transport: HttpTransport,
  address: string,
  { keys, ...device }: Device,
  credentials: ReauthenticateRequest & { readonly username: string },
): Promise<Outcome<SignedIn>> {
  const { username, password, oneTimePassword } = credentials;
  const answer = await ask(transport, address, null, SIGN_IN, {
    input: {
      username,
      password,
      client: 'DESKTOP',
      device: { ...device, key: await keys.of(address) },
      ...(oneTimePassword === undefined ? {} : { oneTimePassword }),
    },
  });
  if (!answer.ok) {
    const { code, fields } = answer.problem;
    // Refused as a whole, and not for what somebody typed: the server does not know the operation.
    const unknown = code === 'VALIDATION_FAILED' && fields === undefined;
    return unknown ? { ok: false, problem: serverTooOld(address, code) } : answer;
  }
  const { account, session, accessToken, removedAccessTokens, ...secrets } = answer.value.signIn;
  await keys.keep(address, secrets.deviceKey);
  return {
    ok: true,
    value: {
      session: {
        serverAddress: address,
        account,
        sessionId: session.id,
        sessionSecret: secrets.sessionSecret,
        createdAt: session.createdAt,
        expiresAt: session.expiresAt,
        accessTokenId: accessToken.id,
        accessTokenHint: accessToken.hint,
        accessTokenSecret: secrets.accessTokenSecret,
      },
      removedAccessTokens: removedAccessTokens.map(toRemovedToken),
    },
  };
}
