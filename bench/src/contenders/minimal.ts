import { hash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import Libsql from 'libsql';
import { announce } from './announce.js';

/**
 * The least that a durable verification can do: a digest, one prepared look-up in Latchkey's own table, and a row of
 * three small columns for each use, those of one turn of the event loop in one synced commit, then the answers. It looks
 * at no scope, expiry, session or account, keeps no index and no counter, and tells nobody: what lies between it and the
 * bare server is SQLite's and the disk's share.
 */
const database = new Libsql(process.env['DATABASE_PATH'] ?? '');
for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) database.pragma(pragma);
database.exec(
  'CREATE TABLE minimal_uses (id INTEGER PRIMARY KEY, accessTokenId TEXT, occurredAt INTEGER)',
);
const find = database.prepare('SELECT accessTokenId FROM access_token_secrets WHERE digest = ?');
const record = database.prepare(
  'INSERT INTO minimal_uses (accessTokenId, occurredAt) VALUES (?, ?)',
);
const [begin, commit] = [database.prepare('BEGIN'), database.prepare('COMMIT')];

let waiting: { readonly response: ServerResponse; readonly tokenId: string }[] = [];

const server = createServer((request, response) => {
  const secret = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const digest = hash('sha256', secret, 'base64url');
  const found = find.get([digest]) as { accessTokenId: string } | undefined;
  if (found === undefined) return answer(response, 401);
  if (waiting.length === 0) setImmediate(commitWaiting);
  waiting.push({ response, tokenId: found.accessTokenId });
});

function commitWaiting(): void {
  const batch = waiting;
  waiting = [];
  const now = Date.now();
  begin.run([]);
  for (const { tokenId } of batch) record.run([tokenId, now]);
  commit.run([]);
  for (const { response } of batch) answer(response, 200);
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': 0 }).end();
}

server.listen(0, '127.0.0.1', () => announce(server));
