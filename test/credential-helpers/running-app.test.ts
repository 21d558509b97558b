import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../packages/desktop/src/main/clock.js';
import { runHelper, turnOn } from '../support/credential-helper.js';
import { TestClock } from '../support/desktop-clock.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';
import type { FakeSession } from '../support/fake-latchkey-data.js';

const REGISTRY = 'registry.example.com:5000';
const GIT_SERVER = 'https://git.example.com';
const GIT_REQUEST = 'protocol=https\nhost=git.example.com\n';
const NOT_FOUND = { stdout: 'credentials not found in native keychain\n', exitCode: 1 };
const NOTHING = { stdout: '', exitCode: 0 };

async function signedIn(server: FakeLatchkey, clock: Clock = systemClock): Promise<DesktopCore> {
  const desktop = await DesktopCore.start({ clock });
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  await turnOn(desktop, 'GIT', [GIT_SERVER]);
  return desktop;
}

/** Signed in and offline: the server is back, and no timer brings the app's connection to it back. */
async function unhearing(server: FakeLatchkey): Promise<DesktopCore> {
  const desktop = await signedIn(server, new TestClock(Date.now()));
  await server.stop();
  await desktop.until(() => desktop.state.connection.status === 'OFFLINE');
  await server.listen();
  return desktop;
}

function sessionOf(server: FakeLatchkey): FakeSession {
  const session = server.sessions.at(-1);
  if (session === undefined) throw new Error('Nobody signed in.');
  return session;
}

test('docker gets the session’s token, as its protocol has it', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const answer = await runHelper(desktop, 'docker', 'get', REGISTRY);
  expect(answer).toMatchObject({ stderr: '', exitCode: 0 });
  expect(JSON.parse(answer.stdout)).toEqual({
    ServerURL: REGISTRY,
    Username: 'ada',
    Secret: sessionOf(server).token.secret,
  });
  const list = await runHelper(desktop, 'docker', 'list', 'unused');
  expect(JSON.parse(list.stdout)).toEqual({ [REGISTRY]: 'ada' });
});

test('git gets the session’s token and its end, and what newer versions ask is left aside', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const { token, expiresAt } = sessionOf(server);
  const expected = `username=ada\npassword=${token.secret}\npassword_expiry_utc=${Math.floor(Date.parse(expiresAt) / 1000)}\n`;
  const requests = [
    GIT_REQUEST,
    `${GIT_REQUEST}path=team.git\n`,
    `capability[]=authtype\ncapability[]=state\n${GIT_REQUEST}wwwauth[]=Basic realm="x"\nunknown=1\n\n`,
    `${GIT_REQUEST}username=ada\n`,
  ];
  for (const request of requests) {
    expect(await runHelper(desktop, 'git', 'get', request)).toEqual({
      stdout: expected,
      stderr: '',
      exitCode: 0,
    });
  }
});

test('no other host is answered, and no other name', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const registries = [
    'registry.example.com',
    'registry.example.com:5001',
    'evil.registry.example.com:5000',
    'https://index.docker.io/v1/',
    `${REGISTRY}/../x`,
    `evil@${REGISTRY}`,
    'x'.repeat(20_000),
  ];
  for (const registry of registries) {
    expect(await runHelper(desktop, 'docker', 'get', registry)).toMatchObject(NOT_FOUND);
  }
  const requests = [
    'protocol=http\nhost=git.example.com\n',
    'protocol=https\nhost=github.com\n',
    'protocol=https\nhost=git.example.com.evil.example\n',
    `${GIT_REQUEST}username=grace\n`,
    'protocol=https\n',
    '',
  ];
  for (const request of requests) {
    expect(await runHelper(desktop, 'git', 'get', request)).toMatchObject(NOTHING);
  }
});

test('without the app, and signed out, docker and git go on without it', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const expectNothing = async () => {
    expect(await runHelper(desktop, 'docker', 'get', REGISTRY)).toMatchObject(NOT_FOUND);
    expect(await runHelper(desktop, 'git', 'get', GIT_REQUEST)).toMatchObject(NOTHING);
    expect(await runHelper(desktop, 'docker', 'list')).toMatchObject({ stdout: '{}\n' });
  };
  await desktop.core.answers.signOut();
  await expectNothing();
  await desktop.core.stop();
  await expectNothing();
  const typed = JSON.stringify({ ServerURL: REGISTRY, Username: 'ada', Secret: 'typed' });
  expect(await runHelper(desktop, 'docker', 'store', typed)).toEqual({
    stdout: '',
    stderr: 'What was typed is not kept. The Latchkey app is not running.\n',
    exitCode: 0,
  });
});

test('a token that was deleted meanwhile is made anew, once for any number that ask', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const before = sessionOf(server).token;
  server.removeToken(before, 'DELETED', null);
  await desktop.until(() => desktop.notices.length > 0);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => runHelper(desktop, 'docker', 'get', REGISTRY)),
  );
  const { token } = sessionOf(server);
  expect(token.secret).not.toBe(before.secret);
  expect(new Set(answers.map(({ stdout }) => JSON.parse(stdout).Secret))).toEqual(
    new Set([token.secret]),
  );
  expect(answers.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
  expect(server.operations.filter((name) => name === 'EnsureSessionToken')).toHaveLength(1);
});

test('while the app cannot hear its server, programs share the secret that lives, and none ends another’s', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await unhearing(server);
  const { token } = sessionOf(server);
  const { secret } = token;
  const inTurn = [await runHelper(desktop, 'docker', 'get', REGISTRY)];
  inTurn.push(await runHelper(desktop, 'docker', 'get', REGISTRY));
  const atOnce = [1, 2, 3].map(() => runHelper(desktop, 'docker', 'get', REGISTRY));
  const answers = [...inTurn, ...(await Promise.all(atOnce))];
  expect(answers.map(({ stdout }) => JSON.parse(stdout).Secret)).toEqual(Array(5).fill(secret));
  expect(token.secret).toBe(secret);
});

test('while the app cannot hear its server, a token that was deleted is made anew once', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await unhearing(server);
  const before = sessionOf(server).token;
  server.removeToken(before, 'DELETED', null);
  const first = await runHelper(desktop, 'docker', 'get', REGISTRY);
  const second = await runHelper(desktop, 'docker', 'get', REGISTRY);
  const { secret } = sessionOf(server).token;
  expect(secret).not.toBe(before.secret);
  expect([first, second].map(({ stdout }) => JSON.parse(stdout).Secret)).toEqual([secret, secret]);
});

test('a token that a git server refused is asked for anew', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const { token } = sessionOf(server);
  // Removed without a word to the app.
  token.removedAt = new Date().toISOString();
  expect((await runHelper(desktop, 'git', 'get', GIT_REQUEST)).stdout).toContain(token.secret);
  const refused = `${GIT_REQUEST}username=ada\npassword=${token.secret}\n`;
  expect(await runHelper(desktop, 'git', 'erase', refused)).toMatchObject(NOTHING);
  const answer = await runHelper(desktop, 'git', 'get', GIT_REQUEST);
  expect(answer.stdout).toContain(sessionOf(server).token.secret);
  expect(answer.stdout).not.toContain(token.secret);
});

test('a session that the server ended gives nothing, though nobody told the app', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  sessionOf(server).isOver = true;
  await runHelper(desktop, 'git', 'erase', GIT_REQUEST);
  expect(await runHelper(desktop, 'git', 'get', GIT_REQUEST)).toMatchObject(NOTHING);
  expect(desktop.state.session.status).toBe('SIGNED_OUT');
});

test('a server that does not answer holds nobody up, and the token that may still live is given', async () => {
  const clock = new TestClock(Date.now());
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server, clock);
  const { token } = sessionOf(server);
  const asked = new Promise<void>((resolve) => {
    server.answerInstead = () => resolve();
  });
  await runHelper(desktop, 'git', 'erase', GIT_REQUEST);
  const answer = runHelper(desktop, 'docker', 'get', REGISTRY);
  await asked;
  clock.advance(5_000);
  expect(JSON.parse((await answer).stdout).Secret).toBe(token.secret);
});

test('a host is turned on for one server, and another server’s token is not given to it', async () => {
  await using first = await FakeLatchkey.start();
  await using second = await FakeLatchkey.start();
  await using desktop = await signedIn(first);
  await desktop.signIn(second.address);
  await desktop.untilOnline();
  expect(await runHelper(desktop, 'docker', 'get', REGISTRY)).toMatchObject(NOT_FOUND);
  const { docker } = await desktop.core.answers.integrations();
  expect(docker.serverAddress).toBe(first.address);
});

test('erase is done before it is asked, store keeps nothing and says so', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  for (const form of [REGISTRY, REGISTRY, `http://${REGISTRY}`, 'elsewhere.example.com']) {
    expect(await runHelper(desktop, 'docker', 'erase', form)).toEqual({
      ...NOTHING,
      stderr: '',
    });
  }
  const typed = (ServerURL: string, Username: string) =>
    runHelper(
      desktop,
      'docker',
      'store',
      JSON.stringify({ ServerURL, Username, Secret: 's3cret' }),
    );
  expect(await typed(REGISTRY, 'ada')).toEqual({ ...NOTHING, stderr: '' });
  expect(await typed(REGISTRY, 'grace')).toMatchObject({
    ...NOTHING,
    stderr: expect.stringContaining('the token of ada'),
  });
  expect(await typed('elsewhere.example.com', 'ada')).toMatchObject({ exitCode: 1 });
  expect(await desktop.filesOnDisk()).not.toContain('s3cret');
  expect(
    await runHelper(desktop, 'git', 'store', `${GIT_REQUEST}username=a\npassword=b\n`),
  ).toEqual({ ...NOTHING, stderr: '' });
});

test('mistakes are named as docker’s own helpers name them', async () => {
  await using desktop = await DesktopCore.start();
  await using server = await FakeLatchkey.start();
  await desktop.signIn(server.address);
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  const failing = async (action: string, input = '') => {
    const { stdout, exitCode } = await runHelper(desktop, 'docker', action, input);
    expect(exitCode).toBe(1);
    return stdout.trim();
  };
  expect(await failing('get', ' \n')).toBe('no credentials server URL');
  expect(await failing('store', '{"ServerURL":"","Username":"a","Secret":"b"}')).toBe(
    'no credentials server URL',
  );
  expect(await failing('store', '{"ServerURL":"a","Username":"","Secret":"b"}')).toBe(
    'no credentials username',
  );
  expect(await failing('store', 'nonsense')).toBe('the credential is not JSON');
  expect(await failing('constructor')).toBe('Unknown credential action `constructor`');
  expect(await runHelper(desktop, 'docker', 'version')).toMatchObject({
    stdout: expect.stringMatching(/^docker-credential-latchkey \(Latchkey\) \d+\.\d+\.\d+\n$/),
    exitCode: 0,
  });
});

test('a folder with a long name, and spaces in it, serves as well', async () => {
  await using server = await FakeLatchkey.start();
  const directory = await mkdtemp(join(tmpdir(), `latchkey core ${'x'.repeat(90)}`));
  await using desktop = await DesktopCore.start({ directory });
  await desktop.signIn(server.address);
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  expect(await runHelper(desktop, 'docker', 'get', REGISTRY)).toMatchObject({ exitCode: 0 });
});
