import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { GIT_PROGRAMS, startGitHost } from '../endpoints/support/git-host.js';
import { havePrograms } from '../endpoints/support/programs.js';
import { useRealTime } from '../endpoints/support/registry.js';
import { Undo } from '../endpoints/support/undo.js';
import { runAtHome, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { SIGN_UP, signUpRequest } from '../support/people.js';

/** Every file below `folder`, as text. */
async function allBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((file) => readFile(join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

describe.skipIf(!havePrograms(...GIT_PROGRAMS))('through nginx and the running app', () => {
  const undo = new Undo();
  afterEach(() => undo.dispose());

  test('git pushes with useHttpPath, leaves no secret on the disk, and is refused after signing out', async () => {
    const { latchkey, host, makeRepository } = await startGitHost(undo);
    useRealTime(latchkey);
    await latchkey.ask(SIGN_UP, signUpRequest('ada', 'correct horse battery'));
    await makeRepository('ada/app.git');
    await makeRepository('bob/app.git');
    const desktop = await DesktopCore.start();
    undo.defer(() => desktop[Symbol.asyncDispose]());
    const work = join(desktop.homeDirectory, 'work');
    await mkdir(work, { recursive: true });
    await writeFile(
      join(desktop.homeDirectory, '.gitconfig'),
      '[user]\n\tname = Ada\n\temail = ada@example.com\n[credential]\n\tuseHttpPath = true\n',
    );
    expect(await desktop.signIn(latchkey.url)).toMatchObject({ ok: true });
    await desktop.untilOnline();
    await turnOn(desktop, 'GIT', [`http://${host}`]);
    const git = (...args: string[]) => runAtHome(desktop, ['git', '-C', work, ...args]);
    const push = (path: string) => git('push', `http://${host}/${path}`, 'HEAD:refs/heads/main');

    await git('init', '--quiet');
    await git('commit', '--quiet', '--allow-empty', '--message', 'First');
    expect(await push('ada/app.git')).toMatchObject({ exitCode: 0 });
    expect(await push('bob/app.git')).toMatchObject({
      exitCode: 128,
      stderr: expect.stringContaining('error: 403'),
    });
    const cloned = await git('clone', `http://${host}/ada/app.git`, 'clone');
    expect(cloned).toMatchObject({ exitCode: 0 });
    expect(await allBelow(desktop.homeDirectory)).not.toMatch(/lk[as]_[0-9A-Za-z]{36}/);

    await desktop.core.answers.signOut();
    await git('commit', '--quiet', '--allow-empty', '--message', 'Second');
    expect(await push('ada/app.git')).toMatchObject({
      exitCode: 128,
      stderr: expect.stringContaining('could not read Username'),
    });
  });
});
