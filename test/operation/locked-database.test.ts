import Libsql from 'libsql';
import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { graphql } from '../support/graphql.js';
import { CREATE, SIGN_UP, signedUp, signUpRequest } from '../support/people.js';
import { makeHome } from '../support/process.js';
import type { TestDatabase } from '../support/test-database.js';

const TOKENS = '{ accessTokens { totalCount } }';
const TIMES = 2;
const LIMITS = {
  LATCHKEY_SIGN_UPS_PER_HOUR: String(TIMES),
  LATCHKEY_TOKENS_PER_HOUR: String(TIMES),
  // Those who wait have one connection each, on MySQL.
  LATCHKEY_DATABASE_POOL: '10',
};

/** Holds what every write waits for, as another program may; @returns what lets it go */
async function lock({ engine, path, url }: TestDatabase): Promise<() => Promise<void>> {
  if (engine === 'sqlite') {
    const other = new Libsql(path);
    other.exec('BEGIN IMMEDIATE');
    return async () => {
      other.exec('ROLLBACK');
      other.close();
    };
  }
  const other = await createConnection(url);
  await other.query('START TRANSACTION');
  await other.query('SELECT * FROM locks FOR UPDATE');
  return async () => {
    await other.query('ROLLBACK');
    await other.end();
  };
}

test('a write that another program keeps waiting is refused, has not happened and is not counted, while others are answered', async () => {
  await using home = await makeHome();
  const server = await home.start(LIMITS);
  const { sessionSecret } = await signedUp(server, 'alice');
  const input = { description: 'one of two', scopes: ['READ'] };
  const ask = (index: number) => [
    graphql(server.url, CREATE, { variables: { input }, secret: sessionSecret }),
    graphql(server.url, SIGN_UP, signUpRequest(`somebody-${index}`)),
  ];
  const codesOf = async () => {
    const answers = await Promise.all(
      Array.from({ length: TIMES }, (_, index) => ask(index)).flat(),
    );
    return new Set(answers.map(({ errors }) => errors[0]?.extensions.code));
  };

  const unlock = await lock(home.database);
  let refused = false;
  const writes = codesOf().finally(() => {
    refused = true;
  });
  for (let time = 0; time < 10; time++) {
    const { accessTokens } = await server.ask(TOKENS, { secret: sessionSecret });
    expect(accessTokens.totalCount).toBe(0);
  }
  expect(refused).toBe(false);
  expect(await writes).toEqual(new Set(['UNAVAILABLE']));
  await unlock();

  const { accessTokens } = await server.ask(TOKENS, { secret: sessionSecret });
  expect(accessTokens.totalCount).toBe(0);
  expect(await codesOf()).toEqual(new Set([undefined]));
  expect(await codesOf()).toEqual(new Set(['RATE_LIMITED']));
});
