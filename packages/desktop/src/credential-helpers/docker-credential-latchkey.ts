import { sameRegistry } from '../ipc/asked-host.js';
import {
  DOCKER_NO_SERVER,
  DOCKER_NOT_FOUND,
  done,
  failed,
  type HelperReply,
} from '../ipc/helper-contract.js';
import { askApp } from './ask-app.js';
import { reply, whyNothing } from './reply.js';
import { readStandardInput } from './standard-input.js';

declare const LATCHKEY_VERSION: string;

const USAGE = 'Usage: docker-credential-latchkey <store|get|erase|list|version>';

const ACTIONS: Readonly<Record<string, () => Promise<HelperReply>>> = {
  get,
  store,
  erase,
  list,
  version,
};

async function get(): Promise<HelperReply> {
  const server = await readServer();
  if (server === '') return failed(DOCKER_NO_SERVER);
  const answer = await askApp('docker get', server);
  return 'reason' in answer
    ? failed(DOCKER_NOT_FOUND, whyNothing('DOCKER', sameRegistry(server) ?? '', answer.reason))
    : answer;
}

async function store(): Promise<HelperReply> {
  const answer = await askApp('docker store', (await readStandardInput()) ?? '');
  return 'reason' in answer ? done('', `What was typed is not kept. ${answer.reason}`) : answer;
}

/** There is nothing to erase, and clients ask it several times over. */
async function erase(): Promise<HelperReply> {
  return (await readServer()) === '' ? failed(DOCKER_NO_SERVER) : done();
}

async function list(): Promise<HelperReply> {
  const answer = await askApp('docker list', '');
  return 'reason' in answer ? done('{}') : answer;
}

async function version(): Promise<HelperReply> {
  return done(`docker-credential-latchkey (Latchkey) ${LATCHKEY_VERSION}`);
}

async function readServer(): Promise<string> {
  return ((await readStandardInput()) ?? '').trim();
}

async function run(action: string | undefined): Promise<HelperReply> {
  if (action === undefined) return failed(USAGE);
  const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  return perform === undefined ? failed(`Unknown credential action \`${action}\``) : perform();
}

void run(process.argv[2]).then(reply);
