import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { haveOptional, havePrograms } from '../endpoints/support/programs.js';
import { runAtHome, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const REGISTRY = 'registry.example.com:5000';
const ADDRESS = '[::1]:5000';
const GIT_SERVER = 'https://git.example.com';
const GIT_REQUEST = 'protocol=https\nhost=git.example.com\n';

const SHELLS: readonly [string, ...string[]][] = [
  ['sh'],
  ['dash'],
  ['bash', '--posix'],
  ['busybox', 'sh'],
];

const HOSTILE = [
  '*',
  '?egistry.example.com:5000',
  '[a-z]*',
  // What the brackets of an address would stand for, were they a pattern.
  '::5000',
  '1:5000',
  `${REGISTRY}\n${REGISTRY}`,
  `${REGISTRY}\nevil.example.com`,
  `evil.example.com\n${REGISTRY}`,
  '$(touch touched)',
  '`touch touched`',
  '"; touch touched; "',
  "'; touch touched; '",
  '-n',
  '-e \\n',
  '%s%s%n',
  '\\0101\\n\\c',
  `${REGISTRY}\u001b[2J`,
  'registry.example.com:5000\0evil',
  '$input',
  'ünïcödé.example.com',
];

/** What clients write, by `client action`. */
const INPUTS: readonly (readonly ['docker' | 'git', string, string])[] = [
  ...[
    REGISTRY,
    ADDRESS,
    `${ADDRESS.toUpperCase()}/V2/`,
    ` ${REGISTRY}\r\n`,
    `https://${REGISTRY}`,
    '',
    ' \n\t',
    ...HOSTILE,
  ].map((server) => ['docker', 'get', server] as const),
  ['docker', 'get', 'x'.repeat(20_000)],
  ['docker', 'list', 'unused'],
  ['docker', 'erase', REGISTRY],
  ['docker', 'erase', ' '],
  ['docker', 'version', ''],
  ['docker', '', ''],
  ['docker', '$(touch touched)', ''],
  ['docker', 'constructor', ''],
  ...[REGISTRY, 'elsewhere.example.com'].flatMap((ServerURL) =>
    ['ada', 'grace'].map(
      (Username) =>
        ['docker', 'store', JSON.stringify({ ServerURL, Username, Secret: '"\\\n$x%s' })] as const,
    ),
  ),
  ['git', 'get', GIT_REQUEST],
  ['git', 'get', GIT_REQUEST.trimEnd()],
  ['git', 'get', GIT_REQUEST.replace('git.', 'GIT.')],
  ['git', 'get', `capability[]=authtype\n${GIT_REQUEST}path=a=b\nwwwauth[]=Basic\n\nhost=x\n`],
  ['git', 'get', `${GIT_REQUEST}username=grace\n`],
  ['git', 'get', `\n${GIT_REQUEST}`],
  ['git', 'get', 'protocol=https\n'],
  ['git', 'get', ''],
  ...HOSTILE.slice(0, 10).map((host) => ['git', 'get', `protocol=https\nhost=${host}\n`] as const),
  ['git', 'erase', `${GIT_REQUEST}username=ada\npassword=x\n`],
  ['git', 'store', `${GIT_REQUEST}username=ada\npassword=x\n`],
  ['git', 'constructor', GIT_REQUEST],
  ['git', '', GIT_REQUEST],
];

describe.skipIf(!havePrograms('curl'))('with curl', () => {
  test('dash, bash and busybox print what Node.js prints, whatever is asked', async () => {
    const shells = SHELLS.filter(([program]) => haveOptional(program));
    await using server = await FakeLatchkey.start();
    await using desktop = await DesktopCore.start();
    await desktop.signIn(server.address);
    await desktop.untilOnline();
    await turnOn(desktop, 'DOCKER', [REGISTRY, ADDRESS]);
    await turnOn(desktop, 'GIT', [GIT_SERVER]);
    const expectSame = async () => {
      for (const [client, action, input] of INPUTS) {
        const helper = join(desktop.directory, `credential-helpers/${client}-credential-latchkey`);
        const args = action === '' ? [] : [action];
        const run = (...command: [string, ...string[]]) =>
          runAtHome(desktop, [...command, ...args], input);
        const [expected, ...printed] = await Promise.all([
          run(process.execPath, `${helper}.cjs`),
          ...shells.map((shell) => run(...shell, helper)),
        ]);
        expect({ asked: [client, action, input], printed }).toEqual({
          asked: [client, action, input],
          printed: shells.map(() => expected),
        });
      }
    };
    await expectSame();
    await desktop.core.stop();
    await expectSame();
    expect(await readdir('.')).not.toContain('touched');
  }, 180_000);
});
