/** Where the running app listens, and the secret of this launch. */
interface HelperEndpointFile {
  readonly socketPath: string;
  readonly key: string;
}

/** Beside the helper programs, for its owner alone. */
export const HELPER_ENDPOINT_FILE = 'endpoint.conf';

/**
 * A configuration of curl's, so that the key is not among its arguments, where everybody could read it. The address is in it
 * too and comes last: without the socket, curl would look for the app on the network.
 */
export function writeEndpointFile({ socketPath, key }: HelperEndpointFile): string {
  return `unix-socket = ${JSON.stringify(socketPath)}
header = "Authorization: Bearer ${key}"
url = "http://latchkey.invalid/"
`;
}

/** Undefined where `text` is not such a file. */
export function readEndpointFile(text: string): HelperEndpointFile | undefined {
  const [, socketPath] = /^unix-socket = (".+")$/m.exec(text) ?? [];
  const [, key] = /^header = "Authorization: Bearer (.+)"$/m.exec(text) ?? [];
  if (socketPath === undefined || key === undefined) return undefined;
  return { socketPath: JSON.parse(socketPath), key };
}
