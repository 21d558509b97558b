import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeEndpointFile } from '../../packages/desktop/src/ipc/helper-endpoint-file.js';
import { writeAtomically } from '../../packages/desktop/src/main/secrets/atomic-file.js';
import { havePrograms } from '../endpoints/support/programs.js';
import { runAtHome, runHelper, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const REGISTRY = 'registry.example.com';
const GIT_SERVER = 'https://git.example.com';
const GIT_REQUEST = 'protocol=https\nhost=git.example.com\n';

const run = promisify(execFile);
const curlTest = test.runIf(havePrograms('curl', 'ps'));

async function signedIn(server: FakeLatchkey): Promise<DesktopCore> {
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  await turnOn(desktop, 'GIT', [GIT_SERVER]);
  return desktop;
}

const helperOf = (desktop: DesktopCore, client: 'docker' | 'git') =>
  join(desktop.directory, `credential-helpers/${client}-credential-latchkey`);

/** Puts a process of its own in the app's place: one that listens, and does as `code` says. */
async function replaceApp(desktop: DesktopCore, code: string) {
  const folder = join(desktop.directory, 'credential-helpers');
  const socketPath = join(folder, 'other.sock');
  const child = spawn(process.execPath, [
    '-e',
    `const server = ${code}; server.listen(process.argv[1], () => console.log('listening'));`,
    socketPath,
  ]);
  await once(createInterface(child.stdout), 'line');
  await writeAtomically(join(folder, 'endpoint.conf'), writeEndpointFile({ socketPath, key: 'k' }));
  return {
    child,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/** Both helpers, and docker's for Node.js, say what they say where the app does not answer. */
async function expectUnanswered(desktop: DesktopCore): Promise<void> {
  const reason = 'The Latchkey app does not answer.';
  const docker = {
    stdout: 'credentials not found in native keychain\n',
    stderr: `Latchkey gives nothing for ${REGISTRY}. ${reason}\n`,
    exitCode: 1,
  };
  const byNode = [process.execPath, `${helperOf(desktop, 'docker')}.cjs`, 'get'] as const;
  const answers = await Promise.all([
    runHelper(desktop, 'docker', 'get', REGISTRY),
    runAtHome(desktop, byNode, REGISTRY),
    runHelper(desktop, 'git', 'get', GIT_REQUEST),
  ]);
  const git = {
    stdout: '',
    stderr: `Latchkey gives nothing for ${GIT_SERVER}. ${reason}\n`,
    exitCode: 0,
  };
  expect(answers).toEqual([docker, docker, git]);
}

curlTest('where the app was stopped in its tracks', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  await using app = await replaceApp(desktop, `require('net').createServer()`);
  app.child.kill('SIGSTOP');
  await expectUnanswered(desktop);
});

curlTest.each([
  ['says nothing that is HTTP', `require('net').createServer((s) => s.end('hello\\n'))`],
  ['hangs up', `require('net').createServer((s) => s.on('data', () => s.destroy()))`],
  [
    'breaks off',
    serving(`r.writeHead(200, {'content-length': 100}); r.write('0 \\n{}', () => q.socket.end())`),
  ],
  ['says much', serving(`r.end('0 \\n' + 'x'.repeat(1e6))`)],
  ['says something else', serving(`r.end('not this')`)],
  ['names another exit code', serving(`r.end('7 \\n')`)],
  ['leads elsewhere', serving(`r.writeHead(302, {location: 'http://127.0.0.1:1/'}); r.end()`)],
])('where the app %s', async (_what, code) => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  await using _app = await replaceApp(desktop, code);
  await expectUnanswered(desktop);
});

function serving(work: string): string {
  return `require('http').createServer((q, r) => { ${work} })`;
}

/** Its exit, and what it printed, where standard input stays open and `input` is all that comes. */
async function runOpenEnded(command: readonly [string, ...string[]], input: string) {
  const [program, ...parameters] = command;
  // In a group of its own, so that what it leaves behind can be found.
  const child = spawn(program, parameters, { detached: true });
  child.stdin.on('error', () => undefined);
  child.stdin.write(input);
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { child, stdout };
}

/** The names of what runs in its group; what has ended may wait there for somebody to take note. */
async function programsOf({ pid }: ChildProcess): Promise<readonly string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,stat=,comm=']);
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return lines.flatMap(([group, state, name = '']) =>
    group === String(pid) && !state?.startsWith('Z') ? [name] : [],
  );
}

curlTest('where a client does not end its input, and nothing is left running', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const open = await Promise.all([
    runOpenEnded([helperOf(desktop, 'docker'), 'get'], REGISTRY),
    runOpenEnded([helperOf(desktop, 'git'), 'get'], GIT_REQUEST),
    runOpenEnded([process.execPath, `${helperOf(desktop, 'docker')}.cjs`, 'get'], REGISTRY),
  ]);
  for (const { child, stdout } of open) {
    expect(stdout).not.toMatch(/lka_/);
    await expect.poll(() => programsOf(child)).toEqual([]);
  }
});

curlTest('where input has no end, and nothing is left running', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const command = ['sh', '-c', `yes | "$0" get`, helperOf(desktop, 'docker')] as const;
  const { child, stdout } = await runOpenEnded(command, '');
  expect(stdout).toBe('credentials not found in native keychain\n');
  await expect.poll(() => programsOf(child)).toEqual([]);
});

curlTest('where all is well, and nothing is left running', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const child = spawn(helperOf(desktop, 'docker'), ['get'], { detached: true });
  const closed = once(child, 'close');
  // What would end the helper, if nobody ended its input.
  await expect.poll(() => programsOf(child)).toContain('sleep');
  child.stdin.end(REGISTRY);
  expect(await text(child.stdout)).toContain('"Username":"ada"');
  await closed;
  expect(await programsOf(child)).toEqual([]);
});
