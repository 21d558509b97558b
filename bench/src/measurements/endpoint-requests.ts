import { hash } from 'node:crypto';
import Libsql from 'libsql';
import type { LoadRequest } from '../harness/load.js';
import { newSecret, type Seed } from '../harness/seed.js';

const SERVICE = 'registry.example.com';
const RESOURCE_SERVER = 'benchmark';

/** Each token's account asks to push to a repository of its own, as docker does. */
export function registryTokens({ tokens, databasePath }: Seed): LoadRequest[] {
  const database = new Libsql(databasePath);
  const select = database.prepare('SELECT username FROM accounts WHERE id = ?');
  const requests = tokens.map(({ secret, accountId }): LoadRequest => {
    const { username } = select.get([accountId]) as { username: string };
    const scope = encodeURIComponent(`repository:${username}/app:pull,push`);
    return {
      method: 'GET',
      path: `/registry/token?account=${username}&scope=${scope}&service=${SERVICE}`,
      headers: basic(username, secret),
    };
  });
  database.close();
  return requests;
}

export function isRegistryToken(status: number, body: string): boolean {
  return status === 200 && body.includes('"access_token"');
}

/** A resource server, registered as an administrator would, asks about each token. */
export function introspections({ tokens, databasePath }: Seed): LoadRequest[] {
  const clientSecret = newSecret('RESOURCE_SERVER');
  const database = new Libsql(databasePath);
  database
    .prepare(
      `INSERT INTO resource_servers (id, name, secretDigest, createdAt, createdById)
       SELECT 'benchmark', ?, ?, createdAt, id FROM accounts LIMIT 1`,
    )
    .run([RESOURCE_SERVER, hash('sha256', clientSecret, 'base64url')]);
  database.close();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...basic(RESOURCE_SERVER, clientSecret),
  };
  return tokens.map(({ secret }) => ({
    method: 'POST',
    path: '/oauth2/introspect',
    headers,
    body: `token=${secret}`,
  }));
}

export function isActive(status: number, body: string): boolean {
  return status === 200 && body.includes('"active":true');
}

function basic(username: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${btoa(`${username}:${secret}`)}` };
}
