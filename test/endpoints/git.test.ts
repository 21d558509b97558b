import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createToken, signIn, signUp } from '../support/people.js';
import { usesOf } from '../support/uses.js';
import { GIT_PROGRAMS, type GitHost, startGitHost } from './support/git-host.js';
import { havePrograms, run } from './support/programs.js';
import { Undo } from './support/undo.js';

const QUIET = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

describe.skipIf(!havePrograms(...GIT_PROGRAMS))('through git, nginx and fcgiwrap', () => {
  let undo: Undo;
  let git: GitHost;
  let sessionSecret: string;
  beforeEach(async () => {
    undo = new Undo();
    git = await startGitHost(undo);
    await signUp(git.latchkey, 'alice');
    ({ sessionSecret } = await signIn(git.latchkey, 'alice'));
    await git.makeRepository('alice/app.git');
  });
  afterEach(() => undo.dispose());

  const token = (scopes: string[]) => createToken(git.latchkey, sessionSecret, { scopes });
  const url = (secret: string, path = 'alice/app.git', username = 'alice') =>
    `http://${username}:${secret}@${git.host}/${path}`;
  const inside = (work: string) => (args: readonly string[]) =>
    run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: join(git.folder, work),
      env: QUIET,
    });

  /** A clone by `secret` with one commit that is not pushed yet. */
  async function cloneWithCommit(secret: string, work: string, bytes = 10) {
    await run('git', ['clone', url(secret), work], { cwd: git.folder, env: QUIET });
    const here = inside(work);
    await writeFile(join(git.folder, work, work), randomBytes(bytes));
    await here(['add', '.']);
    await here(['commit', '-m', 'a commit']);
    return here;
  }

  test('a token with WRITE pushes 30 MB, and one with READ fetches them and pushes nothing', async () => {
    const [write, read] = await Promise.all([token(['READ', 'WRITE']), token(['READ'])]);
    const writer = await cloneWithCommit(write.secret, 'writer', 30 * 1024 * 1024);
    expect(await writer(['push', 'origin', 'HEAD'])).toMatchObject({ code: 0 });

    const reader = await cloneWithCommit(read.secret, 'reader');
    const [pushed, fetched] = await Promise.all(
      ['writer/writer', 'reader/writer'].map((path) => readFile(join(git.folder, path))),
    );
    expect(pushed?.equals(fetched ?? Buffer.alloc(0))).toBe(true);
    const refused = await reader(['push', 'origin', 'HEAD']);
    expect(refused.code).toBe(128);
    expect(refused.output).toContain('error: 403');
    expect(refused.output).toContain('remote: This token lacks WRITE.');
  });

  test('no token, a wrong one, a removed one and another account fetch nothing', async () => {
    const { secret, id } = await token(['READ', 'WRITE']);
    await signUp(git.latchkey, 'bob');
    const bob = await signIn(git.latchkey, 'bob');
    const bobs = await createToken(git.latchkey, bob.sessionSecret, { scopes: ['READ', 'WRITE'] });
    const list = (from: string) => run('git', ['ls-remote', from], { env: QUIET });
    expect(await list(url(secret))).toMatchObject({ code: 0 });
    expect((await list(`http://${git.host}/alice/app.git`)).output).toContain(
      'could not read Username',
    );
    expect((await list(url(`${secret}0`))).output).toContain('Authentication failed');
    expect((await list(url(secret, 'alice/app.git', 'bob'))).output).toContain(
      'Authentication failed',
    );
    expect((await list(url(bobs.secret, 'alice/app.git', 'bob'))).output).toContain('403');
    await git.latchkey.ask('mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }', {
      secret: sessionSecret,
      variables: { ids: [id] },
    });
    const over = (await list(url(secret))).output;
    expect(over).toContain('Authentication failed');
    expect(over).toContain('remote: This token was removed');
    expect((await list(url(bobs.secret, 'alice/app.git', 'bob'))).output).toMatch(
      /remote: .*alice/,
    );
  });

  test('a refusal has one challenge, outside of a namespace too, and no client names its own address', async () => {
    const nothing = await fetch(`http://${git.host}/alice/app.git/info/refs`);
    expect([nothing.status, nothing.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="Latchkey", Basic realm="Latchkey"',
    ]);
    const { secret } = await token(['READ']);
    const headers = {
      authorization: `Bearer ${secret}`,
      'x-forwarded-for': '203.0.113.1',
      'x-real-ip': '203.0.113.2',
      forwarded: 'for=203.0.113.3',
    };
    const outside = await fetch(`http://${git.host}/`, { headers });
    expect(outside.status).toBe(403);
    expect(outside.headers.get('www-authenticate')).toMatch(
      /^Bearer [^,]*, error="insufficient_scope"/,
    );
    const { uses } = await usesOf(git.latchkey, sessionSecret);
    expect(uses[0]).toMatchObject({ ipAddress: '127.0.0.1', resource: '/' });
  });

  test('an escaped or repeated service does not turn a push into a fetch', async () => {
    const { secret } = await token(['READ']);
    const headers = { authorization: `Bearer ${secret}` };
    const status = async (path: string, method = 'GET') =>
      (await fetch(`http://${git.host}/alice/app.git/${path}`, { headers, method })).status;
    expect(await status('info/refs?service=git-upload-pack')).toBe(200);
    expect(await status('info/refs?service=git-receive-pack')).toBe(403);
    expect(await status('info/refs?service=git%2Dreceive-pack')).toBe(403);
    expect(await status('info/refs?service=git-receive-pack&service=git-upload-pack')).toBe(403);
    expect(await status('git%2Dreceive-pack', 'POST')).toBe(403);
    expect(await status('git-upload-pack/../git-receive-pack', 'POST')).toBe(403);
  });

  test('a helper with useHttpPath is asked by path, and told to erase a token that is over', async () => {
    const { secret, id } = await token(['READ']);
    const log = join(git.folder, 'helper.log');
    const helper = join(git.folder, 'helper.sh');
    await writeFile(
      helper,
      `#!/bin/sh\necho "$1" >> ${log}\ncat >> ${log}\n[ "$1" = get ] && printf 'username=alice\\npassword=${secret}\\n'\nexit 0\n`,
    );
    await chmod(helper, 0o700);
    const list = () =>
      run(
        'git',
        [
          '-c',
          `credential.helper=${helper}`,
          '-c',
          'credential.useHttpPath=true',
          'ls-remote',
          `http://${git.host}/alice/app.git`,
        ],
        { env: QUIET },
      );
    expect(await list()).toMatchObject({ code: 0 });
    expect(await readFile(log, 'utf8')).toMatch(/^get\n.*path=alice\/app\.git.*\nstore\n/s);
    await git.latchkey.ask('mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }', {
      secret: sessionSecret,
      variables: { ids: [id] },
    });
    expect((await list()).code).toBe(128);
    expect(await readFile(log, 'utf8')).toContain('\nerase\n');
  });
});
