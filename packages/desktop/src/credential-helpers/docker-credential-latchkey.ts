import { DOCKER_NOT_FOUND } from '../ipc/helper-contract.js';
import { askApp } from './ask-app.js';
import { readStandardInput } from './standard-input.js';
import { tell, tellWhyNothing } from './tell.js';

declare const LATCHKEY_VERSION: string;

/** What docker's own helpers say, word for word: clients compare these. */
const NO_SERVER = 'no credentials server URL';
const NO_USERNAME = 'no credentials username';
const USAGE = 'Usage: docker-credential-latchkey <store|get|erase|list|version>';

interface Result {
  /** Goes to standard output, errors too: that is where clients read them. */
  readonly output: string;
  readonly exitCode: 0 | 1;
}

const done = (output = ''): Result => ({ output, exitCode: 0 });
const failed = (output: string): Result => ({ output, exitCode: 1 });

const ACTIONS: Readonly<Record<string, () => Promise<Result>>> = {
  get,
  store,
  erase,
  list,
  version,
};

async function get(): Promise<Result> {
  const server = await readServer();
  if (server === '') return failed(NO_SERVER);
  const answer = await askApp({ ask: 'DOCKER_GET', server });
  if (answer.answer !== 'CREDENTIAL') {
    tellWhyNothing('DOCKER', server, answer);
    return failed(DOCKER_NOT_FOUND);
  }
  const { username, secret } = answer;
  return done(JSON.stringify({ ServerURL: server, Username: username, Secret: secret }));
}

/** Takes what was typed at `docker login` and keeps nothing: the session's token is what docker gets. */
async function store(): Promise<Result> {
  const credential = parseCredential(await readStandardInput());
  if (credential === undefined) return failed('the credential is not JSON');
  const { server, username } = credential;
  if (server === '') return failed(NO_SERVER);
  if (username === '') return failed(NO_USERNAME);
  const answer = await askApp({ ask: 'DOCKER_STORE', server, username });
  if (answer.answer === 'NONE') {
    return failed('Latchkey keeps no credentials, and this registry is not turned on in the app');
  }
  if (answer.answer === 'SILENCE') tell(`What was typed is not kept. ${answer.reason}`);
  if (answer.answer === 'DONE' && answer.remark !== undefined) tell(answer.remark);
  return done();
}

/** There is nothing to erase, and clients ask it several times over. */
async function erase(): Promise<Result> {
  return (await readServer()) === '' ? failed(NO_SERVER) : done();
}

async function list(): Promise<Result> {
  const answer = await askApp({ ask: 'DOCKER_LIST' });
  return done(JSON.stringify(answer.answer === 'SERVERS' ? answer.servers : {}));
}

async function version(): Promise<Result> {
  return done(`docker-credential-latchkey (Latchkey) ${LATCHKEY_VERSION}`);
}

async function readServer(): Promise<string> {
  return ((await readStandardInput()) ?? '').trim();
}

function parseCredential(text: string | undefined) {
  try {
    const { ServerURL, Username } = JSON.parse(text ?? '');
    return { server: String(ServerURL ?? '').trim(), username: String(Username ?? '').trim() };
  } catch {
    return undefined;
  }
}

async function run(action: string | undefined): Promise<Result> {
  if (action === undefined) return failed(USAGE);
  const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  return perform === undefined ? failed(`Unknown credential action \`${action}\``) : perform();
}

void run(process.argv[2]).then(({ output, exitCode }) => {
  process.exitCode = exitCode;
  if (output !== '') process.stdout.write(`${output}\n`);
});
