import { expect, test } from 'vitest';
import { runHelper, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const REGISTRY = 'registry.example.com:5000';
const GIT_SERVER = 'https://git.example.com';

async function signedIn(server: FakeLatchkey): Promise<DesktopCore> {
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  await turnOn(desktop, 'GIT', [GIT_SERVER]);
  return desktop;
}

/** Both clients are told `reason` on one line beside their exact answer, and of other hosts nothing. */
async function expectReason(desktop: DesktopCore, reason: string): Promise<void> {
  const docker = (host: string) => runHelper(desktop, 'docker', 'get', host);
  const notFound = { stdout: 'credentials not found in native keychain\n', exitCode: 1 };
  const stderr = `Latchkey gives nothing for ${REGISTRY}. ${reason}\n`;
  expect(await docker(REGISTRY)).toEqual({ ...notFound, stderr });
  expect(await docker('https://index.docker.io/v1/')).toEqual({ ...notFound, stderr: '' });

  const git = (host: string) =>
    runHelper(desktop, 'git', 'get', `protocol=https\nhost=${host}\nusername=ada\n`);
  expect(await git('git.example.com')).toEqual({
    stdout: '',
    stderr: `Latchkey gives nothing for ${GIT_SERVER}. ${reason}\n`,
    exitCode: 0,
  });
  expect(await git('github.com')).toEqual({ stdout: '', stderr: '', exitCode: 0 });
}

test('signed out, or without the app', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  await desktop.core.answers.signOut();
  await expectReason(desktop, 'You are signed out. Sign in to go on.');
  await desktop.core.stop();
  await expectReason(desktop, 'The Latchkey app is not running.');
});

test('signed out by the server, in the words that the app shows', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const [session] = server.sessions;
  if (session === undefined) throw new Error('Nobody signed in.');
  server.endSession(session, 'ACCOUNT_DISABLED');
  await desktop.until(() => desktop.state.session.status === 'SIGNED_OUT');
  await expectReason(
    desktop,
    'Your account was disabled, which ended this session and its token. Ask an administrator of the server.',
  );
});

test('signed in at another server than the host was turned on for', async () => {
  await using first = await FakeLatchkey.start();
  await using second = await FakeLatchkey.start();
  await using desktop = await signedIn(first);
  await desktop.signIn(second.address);
  await desktop.untilOnline();
  await expectReason(
    desktop,
    `It was turned on for ${first.address}, and you are signed in at ${second.address}.`,
  );
});

test('a token that the server does not give again: its reason, as one line of plain text', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const [session] = server.sessions;
  if (session === undefined) throw new Error('Nobody signed in.');
  server.removeToken(session.token, 'DELETED', null);
  await desktop.until(() => desktop.notices.length > 0);
  server.answerInstead = (response) => {
    response.setHeader('content-type', 'application/graphql-response+json');
    const message = `It is switched\noff.\u001b[2J ${'x'.repeat(20_000)}`;
    response.end(JSON.stringify({ errors: [{ message, extensions: { code: 'TOKEN_INACTIVE' } }] }));
  };
  const { stdout, stderr } = await runHelper(desktop, 'docker', 'get', REGISTRY);
  expect(stdout).toBe('credentials not found in native keychain\n');
  expect(stderr).toMatch(
    /^Latchkey gives nothing for registry\.example\.com:5000\. It is switched off\. \[2J x{100,}\n$/,
  );
});
