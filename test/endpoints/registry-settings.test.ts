import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { person } from './support/people.js';

const SERVICE = { LATCHKEY_REGISTRY_SERVICE: 'registry.example.com' };

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-keys-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

test('the public keys lie in the configured folder before the server listens, and follow a rotation', async () => {
  await using folder = await temporaryFolder();
  const keys = join(folder.path, 'made', 'keys');
  await using latchkey = await startServer({ ...SERVICE, LATCHKEY_REGISTRY_KEYS: keys });
  const file = (name: string) => readFile(join(keys, name), 'utf8');
  const served = async (name: string) => (await fetch(`${latchkey.url}/registry/${name}`)).text();

  expect(new X509Certificate(await file('certificate.pem')).subject).toContain('CN=');
  expect(JSON.parse(await file('jwks.json')).keys).toHaveLength(1);
  expect((await stat(join(keys, 'jwks.json'))).mode & 0o777).toBe(0o644);

  const { sessionSecret } = await person(latchkey, 'alice');
  await latchkey.ask('mutation { rotateRegistryKey(activateAfterSeconds: 60) { kid } }', {
    secret: sessionSecret,
  });
  await latchkey.server.housekeep();
  expect(JSON.parse(await file('jwks.json')).keys).toHaveLength(2);
  expect(await file('jwks.json')).toBe(await served('jwks.json'));
  expect(await file('certificate.pem')).toBe(await served('certificate.pem'));
});

test('a folder that cannot be written stops the start, and the setting is named', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  await expect(
    startServer({ ...SERVICE, LATCHKEY_REGISTRY_KEYS: join(file, 'keys') }),
  ).rejects.toThrow(/cannot be written to .*keys \(ENOTDIR\)\. Set LATCHKEY_REGISTRY_KEYS/);
});

test('an address that waits for a setting names it', async () => {
  await using off = await startServer({ LATCHKEY_EXPLORER: 'false' });
  await using on = await startServer(SERVICE);
  const cases = [
    [off, '/registry/certificate.pem', 'LATCHKEY_REGISTRY_SERVICE'],
    [off, '/registry/jwks.json', 'LATCHKEY_REGISTRY_SERVICE'],
    [off, '/registry/token?service=registry.example.com', 'LATCHKEY_REGISTRY_SERVICE'],
    [off, '/api/v0/repositories', 'LATCHKEY_REGISTRY_SERVICE'],
    [off, '/explorer/', 'LATCHKEY_EXPLORER=true'],
    [on, '/api/v0/repositories', 'LATCHKEY_REGISTRY_URL'],
  ] as const;
  for (const [{ url }, path, setting] of cases) {
    const response = await fetch(url + path);
    expect([path, response.status]).toEqual([path, 404]);
    const { error_description, errors } = (await response.json()) as {
      error_description: string;
      errors: { message: string }[];
    };
    expect(error_description).toContain(`Set ${setting} and restart the server.`);
    // docker prints the message of the first error.
    expect(errors[0]?.message).toBe(error_description);
  }
});

test('the registry’s host is told to anybody who signs in here', async () => {
  const query = '{ serverInfo { registryHost } }';
  await using unset = await startServer(SERVICE);
  expect(await unset.ask(query)).toEqual({ serverInfo: { registryHost: null } });
  await using set = await startServer({ ...SERVICE, LATCHKEY_REGISTRY_HOST: 'localhost:5443' });
  expect(await set.ask(query)).toEqual({ serverInfo: { registryHost: 'localhost:5443' } });
  await expect(
    startServer({ ...SERVICE, LATCHKEY_REGISTRY_HOST: 'https://registry.example.com' }),
  ).rejects.toThrow('LATCHKEY_REGISTRY_HOST must be a host');
});
