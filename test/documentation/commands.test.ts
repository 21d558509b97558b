import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { havePrograms, run } from '../endpoints/support/programs.js';
import { blocksOf, readPage } from '../support/documented.js';
import { SETUP_CODE, startServer, type TestServer } from '../support/latchkey.js';
import { createToken, SIGN_UP, signIn, signInRequest, signUpRequest } from '../support/people.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** As the pages have it. */
const PASSWORD = 'correct horse battery';
/** Needs a network or docker, starts the server, shows settings, or goes on until it is stopped. */
const NOT_RUN = /^(git clone|docker |npm |LATCHKEY_HOST=|LATCHKEY_SECRET=)/m;

/** The commands of one page as somebody types them, one after the other into one shell. */
async function runCommands(latchkey: TestServer, path: string, variables = {}) {
  const { databasePath, url } = latchkey;
  const page = await readPage(path);
  const [prelude = ''] = blocksOf(await readPage('docs/graphql.md'), 'sh');
  const blocks = blocksOf(page, 'sh').filter((block) => !NOT_RUN.test(block));
  const script = ['set -e', prelude, ...blocks]
    .join('\n')
    .replaceAll('http://127.0.0.1:4000', url)
    .replace(/^CODE= .*$/m, `CODE=${SETUP_CODE}`);
  const env = { ...variables, DATABASE_URL: `sqlite:${databasePath}` };
  const { code, output } = await run('bash', ['-c', script], { env, cwd: ROOT });
  expect([path, code, output]).toEqual([path, 0, expect.not.stringContaining('"errors"')]);
  return output;
}

/** The administrator of the pages, with a session and a token. */
async function alice(latchkey: TestServer) {
  await latchkey.ask(SIGN_UP, signUpRequest('alice', PASSWORD));
  const { sessionSecret } = await signIn(
    latchkey,
    'alice',
    undefined,
    signInRequest('alice', { password: PASSWORD }),
  );
  const { secret } = await createToken(latchkey, sessionSecret);
  return { SESSION: sessionSecret, TOKEN: secret };
}

describe.skipIf(!havePrograms('curl', 'bash'))('the commands of the documentation', () => {
  test('the README’s first minutes end with a token that is refused what it lacks', async () => {
    await using latchkey = await startServer();
    const output = await runCommands(latchkey, 'README.md');
    expect(output.match(/^HTTP\/1\.1 \d+/gm)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 403',
      'HTTP/1.1 200',
    ]);
    expect(output).toContain('This token lacks WRITE.');
  });

  test('the pages on the API, introspection, leaks and whoami can be pasted', async () => {
    await using latchkey = await startServer();
    const variables = await alice(latchkey);
    const whoami = await runCommands(latchkey, 'docs/whoami.md', variables);
    expect(whoami).toContain('"name":"alice"');
    const introspection = await runCommands(latchkey, 'docs/introspection.md', variables);
    expect(introspection).toContain('"active":true');
    expect(introspection).toContain('HTTP/1.1 200');
    const leaked = await runCommands(latchkey, 'docs/leaked-secrets.md', variables);
    expect(leaked).toContain('HTTP/1.1 202');
    const api = await runCommands(latchkey, 'docs/graphql.md');
    expect(api).toContain('"signOut":true');
  });
});
