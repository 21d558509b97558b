import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../packages/server/dist/database/open-database.js';
import { loadConfig } from '../../packages/server/dist/server.js';
import { havePrograms } from '../endpoints/support/programs.js';
import { type Mariadb, startMariadb } from '../support/programs/mariadb.js';

const openssl = (...args: string[]) => promisify(execFile)('openssl', args);
const possible = havePrograms('openssl');

let folder: string;
let mariadb: Mariadb;
const file = (name: string) => join(folder, name);

/** A certificate for `name`, by an authority of its own. */
async function makeCertificate(name: string): Promise<void> {
  const authority = ['-x509', '-nodes', '-days', '2', '-subj', '/CN=authority'];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  await openssl('req', ...authority, ...newKey, '-keyout', file('ca.key'), '-out', file('ca.pem'));
  const request = ['-nodes', '-subj', '/CN=database', '-keyout', file('key.pem')];
  await openssl('req', ...newKey, ...request, '-out', file('request.pem'));
  await writeFile(file('names'), `subjectAltName=DNS:${name}`);
  const signed = ['-req', '-days', '2', '-in', file('request.pem'), '-extfile', file('names')];
  const by = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  await openssl('x509', ...signed, ...by, '-out', file('cert.pem'));
}

beforeAll(async () => {
  if (!possible) return;
  folder = await mkdtemp(join(tmpdir(), 'latchkey-tls-'));
  await makeCertificate('localhost');
  mariadb = await startMariadb([
    `--ssl-ca=${file('ca.pem')}`,
    `--ssl-cert=${file('cert.pem')}`,
    `--ssl-key=${file('key.pem')}`,
  ]);
});
afterAll(async () => {
  await mariadb?.[Symbol.asyncDispose]();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test.runIf(possible)('the connection is encrypted, and the certificate is checked', async () => {
  const address = await mariadb.createDatabase('latchkey');
  const env = {
    DATABASE_URL: address.replace('127.0.0.1', 'localhost'),
    LATCHKEY_DATABASE_TLS: 'on',
  };
  const trusting = loadConfig({ ...env, LATCHKEY_DATABASE_TLS_CA: file('ca.pem') });
  const database = await openDatabase(trusting);
  const cipher = await database.sql.get<{ Value: string }>("SHOW STATUS LIKE 'Ssl_cipher'");
  await database.close();
  expect(cipher?.Value).toMatch(/^TLS_/);

  await expect(openDatabase(loadConfig(env))).rejects.toThrow(/certificate/);
});
