import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INTEGRATIONS_FILE, remarkOf } from '../ipc/helper-contract.js';
import type { IntegrationKind } from '../ipc/integrations.js';
import type { askApp } from './ask-app.js';

/** A line for the person: clients read standard output, and pass on what comes beside it. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says why a host that was turned on is given nothing; of others not a word. */
export function tellWhyNothing(
  kind: IntegrationKind,
  host: string,
  answer: Awaited<ReturnType<typeof askApp>>,
): void {
  if (answer.answer === 'NONE' && answer.remark !== undefined) tell(answer.remark);
  if (answer.answer === 'SILENCE' && isTurnedOn(kind, host)) tell(remarkOf(host, answer.reason));
}

/** By the app's own record, where the app itself does not answer. */
function isTurnedOn(kind: IntegrationKind, host: string): boolean {
  try {
    const records = JSON.parse(readFileSync(join(__dirname, '..', INTEGRATIONS_FILE), 'utf8'));
    return records[kind].hosts.includes(host);
  } catch {
    return false;
  }
}
