import { afterEach, describe, expect, test } from 'vitest';
import { rawHttp } from '../support/raw-http.js';
import { usesOf } from '../support/uses.js';
import { basic, bearer, person } from './support/people.js';
import { havePrograms } from './support/programs.js';
import { startProxied } from './support/proxied.js';
import { Undo } from './support/undo.js';

/** What a client may send to look like somebody, or something, else. */
const FORGED = {
  'x-auth-user': 'root',
  'x-auth-account-id': 'root',
  'x-auth-token-id': 'root',
  'x-auth-scopes': 'DELETE',
  'x-original-uri': '/fake',
  'x-original-url': '/fake',
  'x-original-method': 'FAKE',
  'x-forwarded-uri': '/fake',
  'x-forwarded-method': 'FAKE',
  'x-forwarded-for': '203.0.113.1',
  'x-real-ip': '203.0.113.2',
  forwarded: 'for=203.0.113.3',
};
const PREFLIGHT = { origin: 'https://tools.example.com', 'access-control-request-method': 'GET' };

describe.each([
  ['nginx', 'nginx'],
  ['caddyfile', 'caddy'],
] as const)('through the documented %s', (kind, program) => {
  const undo = new Undo();
  afterEach(() => undo.dispose());

  test.skipIf(!havePrograms(program))(
    'a good token reaches the application under its account’s name, nothing else does, and nothing is forged',
    async () => {
      const { latchkey, url, arrived } = await startProxied(undo, kind);
      const alice = await person(latchkey, 'alice');
      const { id, secret } = await alice.token(['READ']);
      const writeOnly = await alice.token(['WRITE']);
      const removed = await alice.token();
      await alice.remove(removed);

      const nobody = await fetch(url);
      expect(nobody.status).toBe(401);
      expect(nobody.headers.get('www-authenticate')).toContain('Basic realm="Latchkey"');
      const late = await fetch(url, { headers: bearer(removed.secret) });
      expect(late.status).toBe(401);
      expect(late.headers.get('www-authenticate')).toContain('This token was removed');
      expect((await fetch(url, { headers: bearer(writeOnly.secret) })).status).toBe(403);
      expect((await fetch(url, { headers: FORGED })).status).toBe(401);
      expect((await fetch(url, { method: 'OPTIONS', headers: PREFLIGHT })).status).toBe(401);
      expect(arrived).toEqual([]);

      // Cookies of a whole domain are longer than a server's head usually may be.
      const cookies = Array.from({ length: 4 }, () => ['Cookie', `a=${'x'.repeat(4500)}`] as const);
      const posted = await rawHttp(url, '/files/a?b=c', {
        method: 'POST',
        body: 'the body',
        headers: [...Object.entries({ ...FORGED, ...basic('alice', secret) }), ...cookies],
      });
      expect(posted).toMatchObject({ status: 200, body: 'the application' });
      expect(arrived).toHaveLength(1);
      expect(arrived[0]).toMatchObject({ method: 'POST', url: '/files/a?b=c', body: 'the body' });
      const { headers } = arrived[0] ?? {};
      expect(headers).toMatchObject({
        'x-auth-user': 'alice',
        'x-auth-account-id': expect.not.stringContaining('root'),
        'x-auth-token-id': id,
        'x-auth-scopes': 'READ',
      });
      expect(headers).not.toHaveProperty('authorization');
      const { uses } = await usesOf(latchkey, alice.sessionSecret, {
        filter: { accessTokenId: id },
      });
      expect(uses).toMatchObject([
        { endpoint: 'FORWARD_AUTH', action: 'POST', resource: '/files/a', ipAddress: '127.0.0.1' },
      ]);
    },
  );

  test.skipIf(!havePrograms(program))(
    'with the documented part, preflights alone pass without a token, as nobody',
    async () => {
      const { stopLatchkey, url, arrived } = await startProxied(undo, kind, { preflights: true });
      const headers = { ...PREFLIGHT, ...FORGED, authorization: 'Bearer a' };
      expect((await fetch(`${url}/a?b=c`, { method: 'OPTIONS', headers })).status).toBe(200);
      expect(arrived).toMatchObject([{ method: 'OPTIONS', url: '/a?b=c' }]);
      const names = Object.keys(arrived[0]?.headers ?? {});
      expect(names.filter((name) => /^x-auth-|^authorization$/.test(name))).toEqual([]);
      expect((await fetch(url)).status).toBe(401);
      await stopLatchkey();

      const away = await fetch(url, { headers: bearer('lkp_x') });
      expect(away.status).toBe(kind === 'nginx' ? 503 : 502);
    },
  );
});
