import { createServer } from 'node:http';
import { announce } from './announce.js';

const BODY = JSON.stringify({ ok: true });

/** What `node:http` can do at most: one constant answer. */
const server = createServer((_request, response) => {
  response
    .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': BODY.length })
    .end(BODY);
});
server.listen(0, '127.0.0.1', () => announce(server));
