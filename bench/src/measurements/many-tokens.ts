import Libsql from 'libsql';
import type { Seed } from '../harness/seed.js';

export const MANY_TOKENS = 1000;

/** Makes one account the owner of `MANY_TOKENS` tokens; @returns it, with a secret of one that was its own before. */
export function giveTokens({ databasePath, accounts, tokens }: Seed) {
  for (const { id, username } of accounts) {
    const own = tokens.find(({ accountId }) => accountId === id);
    if (own === undefined) continue;
    const database = new Libsql(databasePath);
    database
      .prepare(
        `UPDATE access_tokens SET accountId = ?1 WHERE id IN (SELECT id FROM access_tokens
          WHERE kind = 'PERSONAL' AND accountId <> ?1
          LIMIT ${MANY_TOKENS} - (SELECT COUNT(*) FROM access_tokens WHERE accountId = ?1))`,
      )
      .run([id]);
    database.close();
    return { username, tokenSecret: own.secret };
  }
  throw new Error('No account has a token whose secret is known.');
}
