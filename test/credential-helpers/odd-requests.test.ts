import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { havePrograms } from '../endpoints/support/programs.js';
import { runAtHome, runHelper, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const REGISTRY = 'registry.example.com';
const GIT_SERVER = 'https://git.example.com';
const GIT_REQUEST = 'protocol=https\nhost=git.example.com\n';

let server: FakeLatchkey;
let desktop: DesktopCore;
/** The same hosts, turned on by an app that no longer runs. */
let stopped: DesktopCore;
beforeAll(async () => {
  server = await FakeLatchkey.start();
  [desktop, stopped] = await Promise.all([signedIn(), signedIn()]);
  await stopped.core.stop();
});
afterAll(async () => {
  await desktop[Symbol.asyncDispose]();
  await stopped[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function signedIn(): Promise<DesktopCore> {
  const started = await DesktopCore.start();
  await started.signIn(server.address);
  await turnOn(started, 'DOCKER', [REGISTRY, 'ported.example.com:443']);
  await turnOn(started, 'GIT', [GIT_SERVER]);
  return started;
}

/** The answers of the script and of the program for Node.js. */
async function ask(at: DesktopCore, client: 'docker' | 'git', action: string, input: string) {
  const program = join(at.directory, `credential-helpers/${client}-credential-latchkey.cjs`);
  return [
    await runHelper(at, client, action, input),
    await runAtHome(at, [process.execPath, program, action], input),
  ];
}

const GIVEN = { stdout: expect.stringMatching(/lka_|"Username":"ada"/), stderr: '', exitCode: 0 };

test.each([
  `https://${REGISTRY}/v1/`,
  `https://${REGISTRY}/v2/`,
  `https://${REGISTRY}/v2`,
  `https://${REGISTRY}/`,
  `${REGISTRY}/`,
  `${REGISTRY}:443`,
  `https://${REGISTRY}:443/v2/`,
  `http://${REGISTRY}:80`,
  REGISTRY.toUpperCase(),
  `HTTPS://Registry.Example.Com/V2/`,
  'ported.example.com',
  'https://ported.example.com:443/',
])('docker is given the credential of the registry that it names as %s', async (name) => {
  for (const answer of await ask(desktop, 'docker', 'get', `${name}\n`)) {
    expect(answer).toEqual(GIVEN);
    expect(JSON.parse(answer.stdout).ServerURL).toBe(name);
  }
  for (const { stderr } of await ask(stopped, 'docker', 'get', name)) {
    expect(stderr).toMatch(/^Latchkey gives nothing for .*\. The Latchkey app is not running\.\n$/);
  }
});

test.each([
  `${REGISTRY}:80`,
  `http://${REGISTRY}:443`,
  `https://${REGISTRY}:80/v2/`,
  `https://${REGISTRY}/v3/`,
  `https://${REGISTRY}/v2/team`,
  `${REGISTRY}//v2/..`,
  `${REGISTRY}.`,
  '/'.repeat(60_000),
])('docker is given nothing, and told nothing, for another address (%#)', async (name) => {
  for (const at of [desktop, stopped]) {
    for (const answer of await ask(at, 'docker', 'get', name)) {
      expect(answer).toMatchObject({ stderr: '', exitCode: 1 });
    }
  }
});

test.each([
  `${GIT_REQUEST}username=Ada\n`,
  `${GIT_REQUEST}username=ADA\n`,
  'protocol=https\nhost=GIT.example.com\n',
  'protocol=https\nhost=git.example.com:443\n',
  'protocol=HTTPS\nhost=Git.Example.com:443\n',
  'protocol=https\r\nhost=git.example.com\r\n\r\n',
  `path=${'x'.repeat(20_000)}\n${GIT_REQUEST}`,
  `${GIT_REQUEST}wwwauth[]=Basic realm="${'x'.repeat(9_000)}"\nwwwauth[]=${'y'.repeat(300_000)}\n\n`,
  `${GIT_REQUEST}\nhost=evil.example.com\n`,
])(
  'git is given the credential of its host, whatever the form of the request (%#)',
  async (request) => {
    for (const answer of await ask(desktop, 'git', 'get', request)) {
      expect(answer).toEqual({ ...GIVEN, stdout: expect.stringContaining('username=ada\n') });
    }
    for (const { stderr } of await ask(stopped, 'git', 'get', request.replaceAll('\r', ''))) {
      expect(stderr).toMatch(
        /^Latchkey gives nothing for .*\. The Latchkey app is not running\.\n$/,
      );
    }
  },
);

test.runIf(havePrograms('git'))(
  'git itself is answered for a name and a host in another case',
  async () => {
    const fill = (request: string) => runAtHome(desktop, ['git', 'credential', 'fill'], request);
    const forms = [
      'url=https://Ada@GIT.example.com:443/team.git\n',
      `url=https://ada@git.example.com/${'x'.repeat(9_000)}\n`,
    ];
    for (const form of forms) {
      expect(await fill(form)).toMatchObject({
        stdout: expect.stringContaining('password=lka_'),
        exitCode: 0,
      });
    }
  },
);

test('a request that is longer than any is told of as such, and a long secret of docker’s is not', async () => {
  const endless = `${GIT_REQUEST}${`x=${'y'.repeat(2_000)}\n`.repeat(300)}`;
  for (const { stdout, stderr } of await ask(desktop, 'git', 'get', endless)) {
    expect(stdout).toBe('');
    expect(stderr).toBe(`Latchkey gives nothing for ${GIT_SERVER}. The request is too long.\n`);
  }
  const typed = (length: number) =>
    JSON.stringify({
      ServerURL: `https://${REGISTRY}/v1/`,
      Username: 'Ada',
      Secret: 'x'.repeat(length),
    });
  for (const answer of await ask(desktop, 'docker', 'store', typed(20_000))) {
    expect(answer).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  }
  for (const answer of await ask(desktop, 'docker', 'store', typed(100_000))) {
    expect(answer).toMatchObject({
      stderr: 'What was typed is not kept. The request is too long.\n',
    });
  }
});
