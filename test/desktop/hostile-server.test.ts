import { expect, test } from 'vitest';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

test.each([
  ['data nested 100,000 deep', `{"data":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`],
  ['more than any honest answer', `{"data":{"a":"${'x'.repeat(17 * 1024 * 1024)}"}}`],
  ['errors that are no list', '{"errors":"no"}'],
  ['an error without a message', '{"errors":[{"extensions":{"code":"UNAUTHENTICATED"}}]}'],
  ['a code that is no text', '{"errors":[{"message":"x","extensions":{"code":{}}}]}'],
  ['text that is no JSON', '{"data":'],
])('%s', async (_name, body) => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  server.answerInstead = (response) => response.end(body);
  const query = '{ viewer { account { id } } }';
  const execute = async () => desktop.core.answers.execute({ query });
  const outcome = await execute().catch((error: Error) => error.name);
  expect(JSON.stringify(outcome).length).toBeLessThan(1_000);
  await desktop.core.answers.ensureSessionToken();
  expect(desktop.state.session.status).toBe('SIGNED_IN');

  server.answerInstead = undefined;
  expect((await execute()).ok).toBe(true);
});

test('a name with control characters and a direction override is a plain line in a notice', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const token = server.sessions[0]?.token;
  if (token === undefined) throw new Error('Nobody signed in.');
  server.removeToken(token, 'PRUNED', 'by \u202Eevil\u0007\n<b>box</b>');
  await desktop.until(() => desktop.systemNotices.length > 0);
  expect(desktop.systemNotices[0]?.body).toMatch(/^by evil <b>box<\/b>\./);
});
