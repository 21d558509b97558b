import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runHelper, turnOn } from '../support/credential-helper.js';
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
const doorFileOf = (desktop: DesktopCore) => join(folderOf(desktop), 'door.json');

async function doorOf(desktop: DesktopCore): Promise<{ socketPath: string; key: string }> {
  return JSON.parse(await readFile(doorFileOf(desktop), 'utf8'));
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
  const { socketPath, key } = await doorOf(desktop);
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(folderOf(desktop))).toBe('700');
  expect(await modeOf(socketPath)).toBe('600');
  expect(await modeOf(doorFileOf(desktop))).toBe('600');
  expect(key.length).toBeGreaterThanOrEqual(43);
  await desktop.core.stop();
  expect(await readdir(folderOf(desktop))).toEqual([]);
});

test('every launch has a key of its own', async () => {
  await using first = await DesktopCore.start();
  await using second = await DesktopCore.start();
  expect((await doorOf(first)).key).not.toBe((await doorOf(second)).key);
});

test('without the key nothing is answered, and with it one question', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const { socketPath, key } = await doorOf(desktop);
  const ask = (own: unknown) => JSON.stringify({ ask: 'DOCKER_GET', server: REGISTRY, key: own });
  for (const wrong of ['', `${key}x`, key.slice(1), key.toUpperCase(), null, 1, [key], undefined]) {
    expect(await send(socketPath, `${ask(wrong)}\n`)).toBe('');
  }
  const answers = await send(socketPath, `${ask(key)}\n${ask(key)}\n`);
  expect(answers.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(answers)).toMatchObject({ answer: 'CREDENTIAL', username: 'ada' });
});

test('whatever else is sent ends the connection, and the next is served', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const { socketPath, key } = await doorOf(desktop);
  const hostile = [
    '\n',
    'null\n',
    '[]\n',
    '{"ask":"__proto__"}\n',
    `${JSON.stringify({ ask: 'SECRETS', key })}\n`,
    `${JSON.stringify({ ask: 'DOCKER_GET', key })}\n`,
    `${JSON.stringify({ ask: 'DOCKER_GET', key, server: { length: 1 } })}\n`,
    `${JSON.stringify({ ask: 'DOCKER_GET', key, server: 'x'.repeat(3_000) })}\n`,
    `${'['.repeat(5_000)}\n`,
    'x'.repeat(1_000_000),
    Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  ];
  for (const bytes of hostile) expect(await send(socketPath, bytes)).toBe('');
  const many = Array.from({ length: 300 }, () => send(socketPath, '{}\n'));
  expect(new Set(await Promise.all(many))).toEqual(new Set(['']));
  expect(await runHelper(desktop, 'docker', 'get', REGISTRY)).toMatchObject({ exitCode: 0 });
});

test('a connection that says nothing does not keep the app from quitting', async () => {
  await using desktop = await DesktopCore.start();
  const socket = connect((await doorOf(desktop)).socketPath);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('connect', resolve));
  await desktop.core.stop();
  await closed;
});

test('a helper does not believe a file that others could have written', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  await chmod(doorFileOf(desktop), 0o644);
  expect(await runHelper(desktop, 'docker', 'get', REGISTRY)).toMatchObject({
    stdout: 'credentials not found in native keychain\n',
    stderr: expect.stringContaining('is open to others'),
    exitCode: 1,
  });
});

test('a helper finds nothing behind a file that is torn, or leads nowhere', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await signedIn(server);
  const door = await doorOf(desktop);
  const contents = [
    '',
    '{',
    'null',
    '{"socketPath":1}',
    JSON.stringify({ ...door, socketPath: `${door.socketPath}x` }),
    JSON.stringify({ ...door, key: 'of another launch' }),
  ];
  for (const content of contents) {
    await writeFile(doorFileOf(desktop), content);
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
