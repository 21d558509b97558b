import { chmod, chown, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import {
  readEndpointFile,
  writeEndpointFile,
} from '../../packages/desktop/src/ipc/helper-endpoint-file.js';
import { runAtHome, runHelper, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const REGISTRY = 'registry.example.com';

async function signedIn(server: FakeLatchkey): Promise<DesktopCore> {
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  return desktop;
}

const folderOf = (desktop: DesktopCore) => join(desktop.directory, 'credential-helpers');
const endpointFileOf = (desktop: DesktopCore) => join(folderOf(desktop), 'endpoint.conf');

async function endpointOf(desktop: DesktopCore): Promise<{ socketPath: string; key: string }> {
  const endpoint = readEndpointFile(await readFile(endpointFileOf(desktop), 'utf8'));
  if (endpoint === undefined) throw new Error('The endpoint’s file cannot be read.');
  return endpoint;
}

/** A request as a helper sends it, but for what is told. */
function question(
  key: string | null,
  { action = 'docker get', body = REGISTRY, method = 'POST', more = '' } = {},
): string {
  const headers = [
    `${method} / HTTP/1.1`,
    'Host: latchkey.invalid',
    ...(key === null ? [] : [`Authorization: Bearer ${key}`]),
    `Latchkey-Action: ${action}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${headers.join('\r\n')}\r\n${more}\r\n${body}`;
}

/** Everything that comes back for these bytes, until the app ends the connection. */
async function send(socketPath: string, bytes: string | Buffer): Promise<string> {
  const socket = connect(socketPath);
  // Cut off in the middle of a long line, which is what is wanted.
  socket.on('error', () => undefined);
  socket.write(bytes);
  return text(socket).catch(() => '');
}

test('the folder, the socket and the file are their owner’s alone, and go with the app', async () => {
  await using desktop = await DesktopCore.start();
  const { socketPath, key } = await endpointOf(desktop);
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(folderOf(desktop))).toBe('700');
  expect(await modeOf(socketPath)).toBe('600');
  expect(await modeOf(endpointFileOf(desktop))).toBe('600');
  expect(key.length).toBeGreaterThanOrEqual(43);
  await desktop.core.stop();
  expect(await readdir(folderOf(desktop))).toEqual([]);
});

test('every launch has a key of its own', async () => {
  await using first = await DesktopCore.start();
  await using second = await DesktopCore.start();
  expect((await endpointOf(first)).key).not.toBe((await endpointOf(second)).key);
});

test('without the key nothing is answered, and with it one question', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const { socketPath, key } = await endpointOf(desktop);
  const wrong = [null, '', `${key}x`, key.slice(1), key.toUpperCase(), ` ${key}`, `${key}, ${key}`];
  for (const other of wrong) expect(await send(socketPath, question(other))).toBe('');
  const answers = await send(socketPath, question(key) + question(key));
  expect(answers.match(/HTTP\/1\.1/g)).toEqual(['HTTP/1.1']);
  expect(answers).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n0 \n\{"ServerURL":"registry\.example\.com"/s);
});

test('a page in a browser has no key, and is not even told that something listens', async () => {
  await using desktop = await DesktopCore.start();
  const { socketPath } = await endpointOf(desktop);
  const more = 'Origin: https://evil.example\r\nCookie: a=b\r\n';
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'CONNECT', 'TRACE']) {
    expect(await send(socketPath, question(null, { method, more }))).toBe('');
  }
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
  expect(await send(socketPath, question(null, { method: 'GET', more: upgrade }))).toBe('');
});

test('whatever else is sent ends the connection, and the next is served', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const { socketPath, key } = await endpointOf(desktop);
  const hostile = [
    '{"ask":"DOCKER_GET"}\n',
    'x'.repeat(1_000_000),
    Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    question(null, { more: 'Expect: 100-continue\r\n' }),
    question(key, { more: 'Expect: something else\r\n' }),
    question(key, { more: 'Transfer-Encoding: chunked\r\n' }),
    question(key, { more: `X: ${'x'.repeat(5_000)}\r\n` }),
    question(key, { more: 'X: a\0b\r\n' }),
    question(key, { more: ' folded\r\n' }),
    question(key, { more: 'Latchkey-Action: docker get\r\n' }),
    question(key, { method: 'GET' }),
    question(key, { body: 'x'.repeat(65_537) }),
    ...['', 'secrets', '__proto__', 'constructor', 'docker', 'docker erase', 'DOCKER GET'].map(
      (action) => question(key, { action }),
    ),
  ];
  for (const bytes of hostile) expect(await send(socketPath, bytes)).toBe('');
  const many = Array.from({ length: 300 }, () => send(socketPath, question('x')));
  expect(new Set(await Promise.all(many))).toEqual(new Set(['']));
  expect(await runHelper(desktop, 'docker', 'get', REGISTRY)).toMatchObject({ exitCode: 0 });
});

test('a connection that says nothing does not keep the app from quitting', async () => {
  await using desktop = await DesktopCore.start();
  const socket = connect((await endpointOf(desktop)).socketPath);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('connect', resolve));
  await desktop.core.stop();
  await closed;
});

/** By the script and by the program for Node.js. */
async function expectNotUsed(desktop: DesktopCore): Promise<void> {
  const program = join(folderOf(desktop), 'docker-credential-latchkey.cjs');
  for (const answer of [
    await runHelper(desktop, 'docker', 'get', REGISTRY),
    await runAtHome(desktop, [process.execPath, program, 'get'], REGISTRY),
  ]) {
    expect(answer).toMatchObject({
      stdout: 'credentials not found in native keychain\n',
      stderr: expect.stringContaining('is open to others'),
      exitCode: 1,
    });
  }
}

test.each([0o640, 0o604, 0o620, 0o602, 0o666])(
  'a helper does not believe a file of mode %o',
  async (mode) => {
    await using server = await FakeLatchkey.start();
    await using desktop = await signedIn(server);
    await chmod(endpointFileOf(desktop), mode);
    await expectNotUsed(desktop);
  },
);

test.runIf(process.getuid?.() === 0)('a helper does not believe somebody else’s file', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  await chown(endpointFileOf(desktop), 1, 1);
  await expectNotUsed(desktop);
});

test('a helper finds nothing behind a file that is torn, or leads nowhere', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const endpoint = await endpointOf(desktop);
  const contents = [
    '',
    '{',
    'url = "http://latchkey.invalid/"\n',
    `header = "Authorization: Bearer ${endpoint.key}"\n`,
    `unix-socket = "${endpoint.socketPath}"\n`,
    writeEndpointFile({ ...endpoint, socketPath: `${endpoint.socketPath}x` }),
    writeEndpointFile({ ...endpoint, key: 'of another launch' }),
  ];
  for (const content of contents) {
    await writeFile(endpointFileOf(desktop), content);
    expect(await runHelper(desktop, 'docker', 'get', REGISTRY)).toEqual({
      stdout: 'credentials not found in native keychain\n',
      stderr: expect.stringMatching(/^Latchkey gives nothing for registry\.example\.com\. .+\n$/),
      exitCode: 1,
    });
  }
});

test('where the folder cannot be had, the app runs without answering, and says so', async () => {
  await using before = await DesktopCore.start();
  await before.core.stop();
  await rm(folderOf(before), { recursive: true });
  await writeFile(folderOf(before), 'a file in its place');
  await using desktop = await DesktopCore.start({ directory: before.directory });
  expect(await desktop.core.answers.integrations()).toMatchObject({ isAnswering: false });
  expect(desktop.state.phase).toBe('READY');
});
