import { expect, test } from 'vitest';
import { makeHome } from '../support/process.js';

/** Runs `script` inside the server's process, once it serves. */
function inside(script: string) {
  const module = `const timer = setInterval(() => {
    if (!process.getActiveResourcesInfo().includes('TCPServerWrap')) return;
    clearInterval(timer);
    setTimeout(() => { ${script} }, 500);
  }, 20);`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(module)}` };
}

test.each([
  ['a failure that nobody caught', "throw new Error('with lkr_0123456789abcdefghij')"],
  ['a promise that nobody caught', "Promise.reject(new Error('with lkr_0123456789abcdefghij'))"],
])('%s is a line of the log without a secret, and the process ends', async (_what, script) => {
  await using home = await makeHome();
  const server = await home.start(inside(script));
  const line = await server.logged('"fatal"');
  expect(JSON.parse(line)).toMatchObject({ level: 'fatal', err: { message: 'with [secret]' } });
  expect(server.notes.join('\n')).not.toMatch(/Error|^\s+at /m);
  expect(await server.stop()).toBe(70);
});

test('a warning of Node is a line of the log', async () => {
  await using home = await makeHome();
  const server = await home.start(inside("process.emitWarning('something is old')"));
  expect(JSON.parse(await server.logged('something is old')).level).toBe('warn');
  expect(server.notes.join('\n')).not.toContain('something is old');
});
