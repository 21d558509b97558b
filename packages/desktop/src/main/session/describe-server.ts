import type { Outcome, ServerDescription } from '../../ipc/contract.js';
import { notLatchkey, serverTooOld } from '../graphql/connection-problem.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import { parseServerAddress } from '../graphql/server-address.js';
import { ask } from './ask.js';
import { SERVER_INFO } from './session-operations.js';

/** The oldest server that has all that this app asks for. */
const OLDEST_VERSION = [0, 1, 0] as const;

/** Looks at the server behind what a person typed: whether it is Latchkey, new enough, and set up. */
export async function describeServer(
  transport: HttpTransport,
  typedAddress: string,
): Promise<Outcome<ServerDescription>> {
  const parsed = parseServerAddress(typedAddress);
  if (!parsed.ok) return parsed;
  const address = parsed.value;
  const answer = await ask(transport, address, null, SERVER_INFO);
  if (!answer.ok) {
    // A GraphQL server that does not know the question is somebody else's.
    const foreign =
      answer.problem.code.startsWith('GRAPHQL_') || answer.problem.code === 'VALIDATION_FAILED';
    return foreign ? { ok: false, problem: notLatchkey(address, answer.problem.code) } : answer;
  }
  const { version, setupRequired } = answer.value.serverInfo;
  if (isOlder(version)) return { ok: false, problem: serverTooOld(address, `version ${version}`) };
  return { ok: true, value: { address, version, setupRequired } };
}

function isOlder(version: string): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [place, oldest] of OLDEST_VERSION.entries()) {
    const actual = numbers[place] ?? 0;
    if (actual !== oldest) return actual < oldest;
  }
  return false;
}
