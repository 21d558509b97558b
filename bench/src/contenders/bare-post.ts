import { createServer } from 'node:http';
import { announce } from './announce.js';

const BODY = JSON.stringify({ active: true });

/** What `node:http` can do at most with a POST: read its body, give one constant answer. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (Buffer.concat(chunks).toString('utf8') === '') throw new Error('A request had no body.');
    response
      .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': BODY.length })
      .end(BODY);
  });
});
server.listen(0, '127.0.0.1', () => announce(server));
