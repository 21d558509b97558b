import type { HelperQuestion } from '../ipc/helper-contract.js';
import { askApp } from './ask-app.js';
import { readStandardInput } from './standard-input.js';
import { tellWhyNothing } from './tell.js';

type GitQuestion = Extract<HelperQuestion, { ask: 'GIT_GET' | 'GIT_ERASE' }>;

/** `get` prints a credential or nothing; `store` keeps nothing; `erase` tells the app that its token was refused. */
async function run(action: string | undefined): Promise<void> {
  const attributes = parseAttributes((await readStandardInput()) ?? '');
  if (action === 'get') await get(attributes);
  else if (action === 'erase') await ask('GIT_ERASE', attributes);
}

async function get(attributes: ReadonlyMap<string, string>): Promise<void> {
  const answer = await ask('GIT_GET', attributes);
  if (answer === undefined) return;
  if (answer.answer !== 'CREDENTIAL') {
    const origin = `${attributes.get('protocol')}://${attributes.get('host')}`;
    return tellWhyNothing('GIT', origin, answer);
  }
  const lines = [
    `username=${answer.username}`,
    `password=${answer.secret}`,
    `password_expiry_utc=${answer.expiresAtSeconds}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function ask(question: GitQuestion['ask'], attributes: ReadonlyMap<string, string>) {
  const protocol = attributes.get('protocol');
  const host = attributes.get('host');
  if (protocol === undefined || host === undefined) return undefined;
  const path = attributes.get('path');
  const username = attributes.get('username');
  return askApp({
    ask: question,
    protocol,
    host,
    ...(path !== undefined && { path }),
    ...(username !== undefined && { username }),
  });
}

/** `key=value` lines up to an empty one. Lists (`capability[]`, `wwwauth[]`) and keys that nobody here knows are left out. */
function parseAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') break;
    const [key = '', ...rest] = line.split('=');
    if (!key.endsWith('[]')) attributes.set(key, rest.join('='));
  }
  return attributes;
}

void run(process.argv[2]);
