import { registryHostOf } from '../../ipc/asked-host.js';
import type { Outcome } from '../../ipc/contract.js';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { parseServerAddress } from '../graphql/server-address.js';

/** Scheme, host and port as git asks for them, such as `https://git.example.com`. */
export function gitOriginOf(asked: {
  readonly protocol: string;
  readonly host: string;
}): string | undefined {
  const parsed = parseServerAddress(`${asked.protocol}://${asked.host}`);
  return parsed.ok ? parsed.value : undefined;
}

/** Hosts as a person typed them, as the program's configuration names them. */
export function parseHosts(
  kind: IntegrationKind,
  typed: readonly string[],
): Outcome<readonly string[]> {
  const hosts = new Set<string>();
  for (const text of typed) {
    const host = kind === 'DOCKER' ? parseRegistry(text) : parseServerAddress(text);
    if (!host.ok) return host;
    hosts.add(host.value);
  }
  return { ok: true, value: [...hosts].sort() };
}

function parseRegistry(text: string): Outcome<string> {
  const host = registryHostOf(text);
  if (host !== undefined) return { ok: true, value: host };
  return {
    ok: false,
    problem: {
      code: 'ADDRESS_INVALID',
      message: `“${text}” is not a registry. It looks like registry.example.com or registry.example.com:5000, without a path.`,
    },
  };
}
