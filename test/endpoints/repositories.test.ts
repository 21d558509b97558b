import { describe, expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { openStored } from '../support/stored.js';
import { basic, bearer, person } from './support/people.js';
import { havePrograms } from './support/programs.js';
import { REGISTRY_PROGRAMS, skopeo, startRegistry } from './support/registry.js';

interface Page {
  readonly repositories: { namespace: string; name: string; visibility: string }[];
  readonly nextPageStart: string | null;
}

test('a refusal is challenged with its error and the scope that is lacking (RFC 6750, section 3)', async () => {
  await using latchkey = await startServer({
    LATCHKEY_REGISTRY_SERVICE: 'test-registry',
    LATCHKEY_REGISTRY_URL: 'http://127.0.0.1:1',
  });
  const alice = await person(latchkey, 'alice');
  const writer = await alice.token(['WRITE']);
  const refused = async (headers: Record<string, string>) => {
    const answer = await fetch(`${latchkey.url}/api/v0/repositories`, { headers });
    return [answer.status, answer.headers.get('www-authenticate')];
  };
  const both = 'Bearer realm="Latchkey", Basic realm="Latchkey"';
  expect(await refused({})).toEqual([401, both]);
  expect(await refused(basic('alice', 'junk'))).toEqual([
    401,
    expect.stringMatching(
      /^Bearer realm="Latchkey", error="invalid_token", .+, Basic realm="Latchkey"$/,
    ),
  ]);
  expect(await refused(bearer(writer.secret))).toEqual([
    403,
    'Bearer realm="Latchkey", error="insufficient_scope", ' +
      'error_description="This token lacks READ.", scope="READ"',
  ]);
});

test('while the registry is away, its repositories are said to be what is missing', async () => {
  await using latchkey = await startServer({
    LATCHKEY_REGISTRY_SERVICE: 'test-registry',
    LATCHKEY_REGISTRY_URL: 'http://127.0.0.1:1',
  });
  const { secret } = await (await person(latchkey, 'alice')).token();
  const answer = await fetch(`${latchkey.url}/api/v0/repositories`, { headers: bearer(secret) });
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
    503,
    '1',
    {
      error: 'UNAVAILABLE',
      error_description: 'The registry does not list its repositories now. Try again in a moment.',
    },
  ]);
});

describe.skipIf(!havePrograms(...REGISTRY_PROGRAMS))('with a Docker registry', () => {
  test('a member sees its own and public ones, an administrator all, page by page', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image } = registry;
    const root = await person(latchkey, 'root');
    // Neighbours by name: sorted by path, a-b comes after a.
    const [a, ab, c] = [
      await person(latchkey, 'aa'),
      await person(latchkey, 'aa-b'),
      await person(latchkey, 'cc'),
    ];
    const pushed: [typeof a, string, string][] = [
      [a, 'aa', 'one'],
      [a, 'aa', 'two'],
      [ab, 'aa-b', 'one'],
      [c, 'cc', 'one'],
    ];
    for (const [who, username, name] of pushed) {
      const creds = ['--dest-creds', `${username}:${(await who.token()).secret}`];
      const to = `docker://${host}/${username}/${name}:v1`;
      const copied = await skopeo('copy', ...creds, '--dest-tls-verify=false', image, to);
      expect(copied).toMatchObject({ code: 0 });
    }
    const token = await a.token(['READ']);
    const list = async (headers: Record<string, string>, query = '') => {
      const answer = await fetch(`${latchkey.url}/api/v0/repositories?${query}`, { headers });
      return { status: answer.status, page: (await answer.json()) as Page, answer };
    };
    const names = ({ repositories }: Page) =>
      repositories.map(({ namespace, name }) => `${namespace}/${name}`);

    const own = await list(basic('aa', token.secret));
    expect(own.page).toEqual({
      repositories: [
        { namespace: 'aa', name: 'one', visibility: 'private' },
        { namespace: 'aa', name: 'two', visibility: 'private' },
      ],
      nextPageStart: null,
    });
    const open = 'mutation { setNamespacePublic(name: "cc", public: true) { name } }';
    await latchkey.ask(open, { secret: c.sessionSecret });
    expect(names((await list(bearer(token.secret))).page)).toEqual(['aa/one', 'aa/two', 'cc/one']);

    const everything = bearer((await root.token()).secret);
    let page = (await list(everything, 'pageSize=1')).page;
    const seen = names(page);
    while (page.nextPageStart !== null) {
      const { answer, ...next } = await list(
        everything,
        `pageSize=1&pageStart=${encodeURIComponent(page.nextPageStart)}`,
      );
      page = next.page;
      expect(answer.headers.get('x-next-page-start')).toBe(page.nextPageStart);
      seen.push(...names(page));
    }
    expect(seen).toEqual(['aa/one', 'aa/two', 'aa-b/one', 'cc/one']);

    expect((await list({})).status).toBe(401);
    expect((await list(basic('cc', token.secret))).status).toBe(401);
    expect((await list(bearer((await a.token(['WRITE'])).secret))).status).toBe(403);
    for (const query of ['pageSize=0', 'pageSize=x', 'pageSize=101', 'pageStart=%00']) {
      expect((await list(bearer(token.secret), query)).status).toBe(400);
    }
  });

  test('a page ends, and not the list, where many public namespaces hold nothing', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image } = registry;
    await person(latchkey, 'root');
    const member = await (await person(latchkey, 'bob')).token();
    const zoe = await person(latchkey, 'zoe');
    const creds = ['--dest-creds', `zoe:${(await zoe.token()).secret}`];
    const to = `docker://${host}/zoe/one:v1`;
    expect(await skopeo('copy', ...creds, '--dest-tls-verify=false', image, to)).toMatchObject({
      code: 0,
    });
    await using stored = await openStored(latchkey.database);
    const names = Array.from({ length: 70 }, (_, index) => `empty-${index + 10}`);
    for (const name of [...names, 'zoe']) {
      await stored.run(`INSERT INTO namespaces (name, ownerId, isPublic, changedAt)
        VALUES ('${name}', '', 1, 0)`);
    }
    const seen: Page['repositories'] = [];
    let next: string | null = '';
    for (let pages = 0; next !== null && pages < 10; pages++) {
      const query = new URLSearchParams({ pageStart: next });
      const page = await fetch(`${latchkey.url}/api/v0/repositories?${query}`, {
        headers: bearer(member.secret),
      });
      const { repositories, nextPageStart } = (await page.json()) as Page;
      seen.push(...repositories);
      next = nextPageStart;
    }
    expect(next).toBeNull();
    expect(seen).toEqual([{ namespace: 'zoe', name: 'one', visibility: 'public' }]);
  });
});
