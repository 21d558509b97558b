import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

test('signing in tells the server which device it is, the same one every time', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  expect(await desktop.signIn(server.address)).toEqual({ ok: true, removedAccessTokens: [] });
  await desktop.core.answers.signOut();
  await desktop.signIn(server.address);
  const [first, second] = server.devices;
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'test-machine',
    platform: 'linux',
    appVersion: '0.1.0',
  });
  expect(second).toEqual({ ...(first as object), key: expect.stringMatching(/^lkd_\w{36}$/) });
});

test('what a server knows the device by outlives sign-out and restart, encrypted, and stays in main', async () => {
  await using server = await FakeLatchkey.start();
  await using other = await FakeLatchkey.start();
  await using first = await DesktopCore.start();
  await first.signIn(server.address);
  await first.signIn(other.address);
  await first.signIn(server.address);
  await first.core.answers.signOut();
  await first.core.stop();
  await using second = await DesktopCore.start({ directory: first.directory });
  await second.signIn(server.address);

  const keys = server.devices.map((device) => (device as { key?: string }).key);
  expect(keys).toEqual([undefined, keys[1], keys[1]]);
  expect(keys[1]).toMatch(/^lkd_/);
  // Each server gave one of its own.
  expect(other.devices).not.toContainEqual(expect.objectContaining({ key: expect.anything() }));
  expect(await readFile(join(first.directory, 'device-keys.bin'), 'utf8')).not.toContain('lkd_');
  expect([...first.sentToWindow, ...second.sentToWindow].join()).not.toContain('lkd_');
});

test('a sign-in that fails leaves who is signed in as they are', async () => {
  await using server = await FakeLatchkey.start();
  await using other = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const signIn = (serverAddress: string, password: string) =>
    desktop.core.answers.signIn({ serverAddress, username: 'ada', password });
  for (const { address } of [server, other]) {
    expect(await signIn(address, 'a wrong password')).toMatchObject({
      ok: false,
      problem: { code: 'INVALID_CREDENTIALS' },
    });
  }
  expect(desktop.state).toMatchObject({
    serverAddress: server.address,
    session: { status: 'SIGNED_IN' },
    pendingSignOutCount: 0,
  });
  expect(server.sessions[0]?.isOver).toBe(false);

  // One that succeeds takes its place, and then the old one is ended.
  expect((await signIn(other.address, 'correct horse battery')).ok).toBe(true);
  expect(desktop.state.serverAddress).toBe(other.address);
  await expect.poll(() => server.sessions[0]?.isOver).toBe(true);
  expect(other.sessions[0]?.isOver).toBe(false);
});

test('signing in shows what the five-token rule removed, and from which device', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  const pruned = server.makeToken('Session on build-box');
  pruned.removalReason = 'PRUNED';
  server.removedAtSignIn = [pruned];
  expect(await desktop.signIn(server.address)).toMatchObject({
    ok: true,
    removedAccessTokens: [{ id: pruned.id, removalReason: 'PRUNED', deviceName: 'build-box' }],
  });
});

test('a one-time password is asked for where the server wants one', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  server.oneTimePassword = '123456';
  const refused = await desktop.signIn(server.address);
  expect(refused).toMatchObject({ ok: false, problem: { code: 'ONE_TIME_PASSWORD_REQUIRED' } });
  const accepted = await desktop.core.answers.signIn({
    serverAddress: server.address,
    username: 'ada',
    password: 'correct horse battery',
    oneTimePassword: '123456',
  });
  expect(accepted.ok).toBe(true);
});

test('no session secret and no session token ever reaches the window, whatever it asks for', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  const { answers } = desktop.core;
  const results: unknown[] = [await desktop.signIn(server.address)];
  await desktop.untilOnline();
  results.push(await answers.ensureSessionToken());
  const [session] = server.sessions;
  const id = session?.token.id ?? '';
  results.push(
    await answers.execute({
      query: 'mutation Rotate($id: ID!) { rotateAccessToken(id: $id) { secret } }',
      variables: { id },
    }),
  );
  const seen = JSON.stringify([results, desktop.sentToWindow]);
  expect(seen).not.toContain(session?.secret);
  expect(seen).not.toContain(session?.token.secret);
  for (const field of ['ensureSessionToken { secret }', 'signOut']) {
    await expect(answers.execute({ query: `mutation { x: ${field} }` })).rejects.toThrow('main');
    const query = `mutation { ...F } fragment F on Mutation { ${field} }`;
    await expect(answers.execute({ query })).rejects.toThrow('main');
  }
});

test('the secret of a personal token made in the window is shown there', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const result = await desktop.core.answers.execute({
    query:
      'mutation { createAccessToken(input: { description: "ci", scopes: [READ] }) { secret } }',
  });
  expect(result).toMatchObject({
    data: { createAccessToken: { secret: expect.stringMatching(/^lkp_\w{36}$/) } },
  });
});

test('with a keychain the app is still signed in after a restart', async () => {
  await using server = await FakeLatchkey.start();
  await using first = await DesktopCore.start();
  await first.signIn(server.address);
  await first.core.stop();
  await using second = await DesktopCore.start({ directory: first.directory });
  await second.untilOnline();
  expect(second.state).toMatchObject({
    secretStorage: 'KEYCHAIN',
    session: { status: 'SIGNED_IN', account: { username: 'ada' } },
  });
});

test('without a keychain nothing secret is on disk, and the app says so', async () => {
  await using server = await FakeLatchkey.start();
  await using first = await DesktopCore.start({ hasKeychain: false });
  await first.signIn(server.address);
  const [session] = server.sessions;
  const onDisk = await first.filesOnDisk();
  expect(first.state.secretStorage).toBe('MEMORY');
  expect(onDisk).not.toContain(session?.secret);
  expect(onDisk).not.toContain(session?.token.secret);
  await first.core.stop();
  await using second = await DesktopCore.start({ directory: first.directory, hasKeychain: false });
  expect(second.state.session).toMatchObject({ status: 'SIGNED_OUT', lastUsername: 'ada' });
});
