import { expect, test } from 'vitest';
import { createToken, signedUp, verify } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { usesOf } from '../support/uses.js';

const USES = 150;

test('every acknowledged use is listed and counted once after a kill, aggregated or not', async () => {
  await using home = await makeHome();
  const first = await home.start();
  const { sessionSecret } = await signedUp(first, 'alice');
  const { id, secret } = await createToken(first, sessionSecret);
  let acknowledged = 0;
  const use = async () => {
    if ((await verify(first, secret)) === 200) acknowledged++;
  };
  await Promise.all(Array.from({ length: USES }, use));
  await first.kill();
  expect(acknowledged).toBe(USES);

  const second = await home.start();
  const { accessToken } = await second.ask(`{ accessToken(id: "${id}") { useCount } }`, {
    secret: sessionSecret,
  });
  expect(accessToken.useCount).toBe(USES);
  expect((await usesOf(second, sessionSecret, { first: 200 })).uses).toHaveLength(USES);
});

test('uses under way at a kill are counted where they were acknowledged, and none twice', async () => {
  await using home = await makeHome();
  const first = await home.start();
  const { sessionSecret } = await signedUp(first, 'alice');
  const { id, secret } = await createToken(first, sessionSecret);
  let acknowledged = 0;
  const sent = Array.from({ length: USES }, async () => {
    const status = await verify(first, secret).catch(() => 0);
    if (status === 200) acknowledged++;
    if (acknowledged === USES / 3) await first.kill();
  });
  await Promise.all(sent);

  const second = await home.start();
  const { accessToken } = await second.ask(`{ accessToken(id: "${id}") { useCount } }`, {
    secret: sessionSecret,
  });
  const { uses } = await usesOf(second, sessionSecret, { first: 200 });
  expect(accessToken.useCount).toBeGreaterThanOrEqual(acknowledged);
  expect(accessToken.useCount).toBeLessThanOrEqual(USES);
  expect(uses).toHaveLength(accessToken.useCount);
});

test('refusals that were recorded are there after a kill, however many more were only counted', async () => {
  await using home = await makeHome();
  const first = await home.start();
  const { sessionSecret } = await signedUp(first, 'alice');
  const { secret } = await createToken(first, sessionSecret);
  for (let count = 0; count < 50; count++) await verify(first, secret, '?scope=delete');
  await first.kill();

  const second = await home.start();
  const { uses } = await usesOf(second, sessionSecret, { first: 100 });
  const inFull = uses.filter(({ repeatCount }) => repeatCount === 0);
  expect(inFull.length).toBeGreaterThanOrEqual(10);
});
