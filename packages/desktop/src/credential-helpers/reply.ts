import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sameRegistry } from '../ipc/asked-host.js';
import { type HelperReply, INTEGRATIONS_FILE, remarkOf } from '../ipc/helper-contract.js';
import type { IntegrationKind } from '../ipc/integrations.js';

/** Ends as a helper ends: with something for the client, a line for the person, an exit code. */
export function reply({ exitCode, remark, output }: HelperReply): void {
  process.exitCode = exitCode;
  if (remark !== '') process.stderr.write(`${remark}\n`);
  if (output !== '') process.stdout.write(`${output}\n`);
}

/** Why a host that was turned on is given nothing; of others not a word. */
export function whyNothing(kind: IntegrationKind, host: string, reason: string): string {
  return isTurnedOn(kind, host) ? remarkOf(host, reason) : '';
}

/** By the app's own record, where the app itself does not answer. */
function isTurnedOn(kind: IntegrationKind, host: string): boolean {
  try {
    const records = JSON.parse(readFileSync(join(__dirname, '..', INTEGRATIONS_FILE), 'utf8'));
    const hosts: readonly string[] = records[kind].hosts;
    return hosts.some((on) => (kind === 'DOCKER' ? sameRegistry(on) : on) === host);
  } catch {
    return false;
  }
}
