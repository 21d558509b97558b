import { askedAttributes, parseGitAttributes } from '../ipc/git-attributes.js';
import { CLIENT_INPUT_MAX_BYTES, done, INPUT_TOO_LONG } from '../ipc/helper-contract.js';
import { askApp } from './ask-app.js';
import { reply, whyNothing } from './reply.js';
import { readStandardInput } from './standard-input.js';

/** `get` prints a credential or nothing; `store` keeps nothing; `erase` tells the app that its token was refused. */
async function run(action: string | undefined): Promise<void> {
  const input = (await readStandardInput()) ?? '';
  if (action !== 'get' && action !== 'erase') return;
  const attributes = parseGitAttributes(input);
  const isTooLong = Buffer.byteLength(input) > CLIENT_INPUT_MAX_BYTES;
  const answer = isTooLong
    ? { reason: INPUT_TOO_LONG }
    : await askApp(`git ${action}`, askedAttributes(attributes));
  if (!('reason' in answer)) return reply(answer);
  if (action === 'erase') return;
  const address = `${attributes.get('protocol')}://${attributes.get('host')}`;
  const origin = URL.canParse(address) ? new URL(address).origin : '';
  reply(done('', whyNothing('GIT', origin, answer.reason)));
}

void run(process.argv[2]);
