import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { signedUp } from '../support/people.js';

const OPEN = 'mutation { setNamespacePublic(name: "alice", public: true) { name public } }';

test('a namespace that is opened many times at once is open', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const answers = await Promise.all(Array.from({ length: 12 }, () => server.ask(OPEN, { secret })));
  expect(answers).toEqual(Array(12).fill({ setNamespacePublic: { name: 'alice', public: true } }));
  const { namespaces } = await server.ask('{ namespaces { name public } }', { secret });
  expect(namespaces).toEqual([{ name: 'alice', public: true }]);
});
