import { expect, test } from 'vitest';
import { graphql } from '../support/graphql.js';
import { startServer } from '../support/latchkey.js';
import { signedUp } from '../support/people.js';

const CREATE = `mutation ($name: String!) {
  createResourceServer(name: $name) { resourceServer { name } }
}`;
/** By the first, connections to the database are opened one after the other; the next find them open. */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

test('of resource servers that are made with one name at once there is one, and the others hear why', async () => {
  await using server = await startServer({ LATCHKEY_DATABASE_POOL: '10' });
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  for (const name of NAMES) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        graphql(server.url, CREATE, { variables: { name }, secret }),
      ),
    );
    const codes = answers.map(({ errors }) => errors[0]?.extensions.code ?? 'made');
    expect(codes.sort()).toEqual([...Array(19).fill('CONFLICT'), 'made']);
  }
  const { resourceServers } = await server.ask('{ resourceServers { name } }', { secret });
  expect(resourceServers).toEqual(NAMES.map((name) => ({ name })));
});
