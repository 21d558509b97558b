import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { toConnectionProblem } from '../../packages/desktop/src/main/graphql/connection-problem.js';
import { parseServerAddress } from '../../packages/desktop/src/main/graphql/server-address.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serverThatAnswers(status: number, body: string, headers = {}): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body));
  servers.push(server);
  return `http://${await listening(server)}`;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['tokens.example.com', 'https://tokens.example.com'],
  [' https://Tokens.Example.com:8443/tokens?x#y ', 'https://tokens.example.com:8443'],
  ['localhost:4000', 'http://localhost:4000'],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
  ['[::1]:4000', 'http://[::1]:4000'],
])('%s means %s', (typed, address) => {
  expect(parseServerAddress(typed)).toEqual({ ok: true, value: address });
});

test.each([
  '',
  'http://tokens.example.com',
  'ftp://example.com',
  'https://a:b@example.com',
  'a b',
  'javascript:alert(1)',
])('the address %j is refused with what to do', (typed) => {
  expect(parseServerAddress(typed)).toMatchObject({
    ok: false,
    problem: { code: 'ADDRESS_INVALID', message: expect.stringMatching(/\.$/) },
  });
});

test.each([
  ['a web page', 200, '<!doctype html><title>Hello</title>', 'SERVER_NOT_LATCHKEY'],
  [
    'another GraphQL server',
    200,
    '{"errors":[{"message":"Cannot query field","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}',
    'SERVER_NOT_LATCHKEY',
  ],
  [
    'a server with wrong types',
    200,
    '{"data":{"serverInfo":{"version":7,"setupRequired":"no"}}}',
    'SERVER_NOT_LATCHKEY',
  ],
  ['a server that answers with a list', 200, '[1,2,3]', 'SERVER_NOT_LATCHKEY'],
  [
    'an old server',
    200,
    '{"data":{"serverInfo":{"version":"0.0.9","setupRequired":false}}}',
    'SERVER_TOO_OLD',
  ],
  ['a server in trouble', 503, 'no', 'SERVER_FAILING'],
  ['a throttling proxy', 429, '', 'RATE_LIMITED'],
])('%s is told from a Latchkey server', async (_name, status, body, code) => {
  const address = await serverThatAnswers(status, body);
  await using desktop = await DesktopCore.start();
  expect(await desktop.signIn(address)).toMatchObject({ ok: false, problem: { code } });
});

test('a redirect is not followed, so that no password goes where nobody typed', async () => {
  await using elsewhere = await FakeLatchkey.start();
  const location = `${elsewhere.address}/graphql`;
  const address = await serverThatAnswers(307, '', { location });
  await using desktop = await DesktopCore.start();
  expect(await desktop.signIn(address)).toMatchObject({
    problem: { code: 'SERVER_NOT_LATCHKEY' },
  });
  expect(elsewhere.operations).toEqual([]);
});

test('a server that is down, and a wrong password, have messages of their own', async () => {
  const server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  const wrong = await desktop.core.answers.signIn({
    serverAddress: server.address,
    username: 'ada',
    password: 'wrong',
  });
  expect(wrong).toMatchObject({ problem: { code: 'INVALID_CREDENTIALS' } });
  await server.stop();
  expect(await desktop.signIn(server.address)).toMatchObject({
    problem: { code: 'SERVER_UNREACHABLE' },
  });
});

test('a server that speaks plain http where https was asked for has no certificate to blame', async () => {
  const plain = await serverThatAnswers(200, '');
  await using desktop = await DesktopCore.start();
  expect(await desktop.signIn(plain.replace('http:', 'https:'))).toMatchObject({
    problem: { code: 'SERVER_UNREACHABLE', message: expect.stringContaining('not over https') },
  });
});

test('a handshake that fails otherwise is not told as a certificate either', async () => {
  const withoutCertificate = createTlsServer();
  servers.push(withoutCertificate);
  await using desktop = await DesktopCore.start();
  expect(await desktop.signIn(`https://${await listening(withoutCertificate)}`)).toMatchObject({
    problem: { code: 'SERVER_UNREACHABLE', message: expect.stringContaining('could not agree') },
  });
});

test.each([
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'not signed by anybody'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'another name'],
  ['CERT_NOT_YET_VALID', "Set this machine's clock"],
])('a certificate with %s says so', (code, words) => {
  const error = new TypeError('fetch failed', {
    cause: Object.assign(new Error('certificate'), { code }),
  });
  const problem = toConnectionProblem(error, 'https://tokens.example.com');
  expect(problem).toMatchObject({ code: 'CERTIFICATE_INVALID', detail: code });
  expect(problem.message).toContain(words);
});
