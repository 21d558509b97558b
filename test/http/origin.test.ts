import { loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';
import { PASSWORD, startServer } from '../support/latchkey.js';
import { signUp } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';
import { handshake, rawSocket } from '../support/raw-socket.js';

const HOST = 'latchkey.example.com';
const SIGN_IN = JSON.stringify({
  query: `mutation { signIn(input: { username: "alice", password: "${PASSWORD}", client: BROWSER }) { session { id } } }`,
});
const ME = JSON.stringify({ query: '{ sessions { id } }' });

interface Browser {
  readonly origin: string;
  readonly host?: string;
  readonly proto?: string;
}

/** Whether a page of `origin` keeps its session, and whether it opens a socket; and the cookies that it was given. */
async function asBrowser(url: string, { origin, host = HOST, proto }: Browser) {
  const headers = [
    ['Host', host],
    ['Origin', origin],
    ['Content-Type', 'application/json'],
    ...(proto === undefined ? [] : [['X-Forwarded-Proto', proto]]),
  ] as [string, string][];
  const post = async (body: string, cookie?: string) => {
    const { hostname, port } = new URL(url);
    const lines = [...headers, ...(cookie === undefined ? [] : [['Cookie', cookie] as const])];
    const socket = await rawSocket(`http://${hostname}:${port}`);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.write(
      `POST /graphql HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  };
  const signedIn = await post(SIGN_IN);
  const cookies = [...signedIn.matchAll(/^set-cookie: ([^;\r]*)(.*)$/gim)];
  const session = cookies.find(([line]) => /latchkey-session/.test(line));
  const asked = await post(ME, session?.[1]);
  const socket = await rawSocket(url);
  socket.write(
    handshake()
      .replace('Host: 127.0.0.1', `Host: ${host}`)
      .replace(
        'Connection: Upgrade',
        `Origin: ${origin}\r\n${proto === undefined ? '' : `X-Forwarded-Proto: ${proto}\r\n`}Connection: Upgrade`,
      ),
  );
  const first = await new Promise<string>((resolve) =>
    socket.once('data', (chunk) => resolve(String(chunk))),
  );
  socket.destroy();
  return {
    isSignedIn: asked.includes('"sessions":[{'),
    socket: Number(first.slice(9, 12)),
    cookie: session?.[0] ?? '',
  };
}

const PROXIED = { HOST: '0.0.0.0', LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' };

test.each<[Record<string, string>, Browser, boolean]>([
  [PROXIED, { origin: `https://${HOST}`, host: `${HOST}:443`, proto: 'https' }, true],
  [PROXIED, { origin: `https://${HOST}`, host: HOST.toUpperCase(), proto: 'HTTPS' }, true],
  [PROXIED, { origin: `https://${HOST}`, proto: 'https,http' }, true],
  [PROXIED, { origin: `https://${HOST}`, proto: 'http, https' }, false],
  [PROXIED, { origin: `http://${HOST}`, proto: 'https' }, false],
  [PROXIED, { origin: `https://${HOST}:8443`, proto: 'https' }, false],
  [PROXIED, { origin: `https://${HOST}:8443`, host: `${HOST}:8443`, proto: 'https' }, true],
  [{ HOST: '0.0.0.0' }, { origin: `https://${HOST}`, proto: 'https' }, false],
  [{ HOST: '0.0.0.0' }, { origin: `http://${HOST}`, host: `${HOST}:80` }, true],
  [
    { LATCHKEY_PUBLIC_URL: `https://${HOST}` },
    { origin: `https://${HOST}`, host: `${HOST}:443` },
    true,
  ],
  [
    { HOST: '0.0.0.0', LATCHKEY_ORIGINS: 'https://Tools.example.com:443/' },
    { origin: 'https://tools.example.com' },
    true,
  ],
])(
  'under %j a page as of %j keeps its session and opens a socket: %s',
  async (env, browser, own) => {
    await using server = await startServer(env);
    const url = server.url.replace('0.0.0.0', '127.0.0.1');
    await signUp({ ...server, url }, 'alice');
    const { isSignedIn, socket, cookie } = await asBrowser(url, browser);
    expect({ isSignedIn, socket }).toEqual({ isSignedIn: own, socket: own ? 101 : 403 });
    if (own && browser.proto !== undefined) {
      expect(cookie).toMatch(/__Host-latchkey-session=/);
      expect(cookie).toMatch(/; Secure/i);
    }
  },
);

test('an entry of LATCHKEY_ORIGINS that is no origin stops the start, and one that is counts in its one form', () => {
  for (const entry of [
    'https://a.example.com/path',
    'https://a.example.com/?b',
    'a.example.com',
    'ftp://a',
    'https://a@b',
  ]) {
    expect(() => loadConfig({ LATCHKEY_ORIGINS: entry }), entry).toThrow('LATCHKEY_ORIGINS');
  }
  expect(loadConfig({ LATCHKEY_ORIGINS: 'HTTPS://Tools.Example.com:443/' }).origins).toEqual([
    'https://tools.example.com',
  ]);
});

test('HTTP Basic with a session’s secret needs its account’s name, as with a token’s', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  await signUp(server, 'bob');
  const { signIn } = await server.ask(
    `mutation { signIn(input: { username: "alice", password: "${PASSWORD}" }) { sessionSecret } }`,
  );
  const ask = async (username: string) => {
    const authorization = `Basic ${btoa(`${username}:${signIn.sessionSecret}`)}`;
    const headers = [
      ['Content-Type', 'application/json'],
      ['Authorization', authorization],
    ] as const;
    return (await rawHttp(server.url, '/graphql', { method: 'POST', headers, body: ME })).body;
  };
  expect(await ask('alice')).toContain('"sessions":[{');
  expect(await ask('ALICE')).toContain('"sessions":[{');
  for (const name of ['bob', 'nobody', '']) {
    expect(await ask(name), name).toContain('UNAUTHENTICATED');
  }
});

test('a form whose field stands twice is refused, and so is a repeated parameter', async () => {
  await using server = await startServer({
    LATCHKEY_REGISTRY_SERVICE: 'registry',
    LATCHKEY_RESOURCE_SERVERS: 'shop:a-secret-that-is-long-enough-to-be-one',
  });
  const post = async (path: string, body: string) => {
    const headers = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
    return (await rawHttp(server.url, path, { method: 'POST', headers, body })).status;
  };
  const client = 'client_id=shop&client_secret=a-secret-that-is-long-enough-to-be-one';
  expect(await post('/oauth2/introspect', `${client}&token=a`)).toBe(200);
  expect(await post('/oauth2/introspect', `${client}&token=a&token=b`)).toBe(400);
  expect(await post('/oauth2/introspect', `${client}&token=a&client_id=other`)).toBe(400);
  expect(await post('/registry/token', 'grant_type=password&grant_type=refresh_token')).toBe(400);
  const twice = '/registry/token?service=registry&service=registry';
  expect((await rawHttp(server.url, twice)).status).toBe(400);
  const scopes =
    '/registry/token?service=registry&scope=repository:a/b:pull&scope=repository:a/c:pull';
  expect((await rawHttp(server.url, scopes)).status).toBe(200);
});
