import { parseGitAttributes } from '../ipc/git-attributes.js';
import { done } from '../ipc/helper-contract.js';
import { askApp } from './ask-app.js';
import { reply, whyNothing } from './reply.js';
import { readStandardInput } from './standard-input.js';

/** `get` prints a credential or nothing; `store` keeps nothing; `erase` tells the app that its token was refused. */
async function run(action: string | undefined): Promise<void> {
  const input = (await readStandardInput()) ?? '';
  if (action !== 'get' && action !== 'erase') return;
  const answer = await askApp(`git ${action}`, input);
  if (!('reason' in answer)) return reply(answer);
  if (action === 'erase') return;
  const attributes = parseGitAttributes(input);
  const origin = `${attributes.get('protocol')}://${attributes.get('host')}`;
  reply(done('', whyNothing('GIT', origin, answer.reason)));
}

void run(process.argv[2]);
