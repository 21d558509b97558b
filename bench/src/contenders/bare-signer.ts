import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { announce } from './announce.js';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const KID = 'AAAA:BBBB:CCCC:DDDD:EEEE:FFFF:GGGG:HHHH:IIII:JJJJ:KKKK:LLLL';
const HEADER = encoded({ typ: 'JWT', alg: 'ES256', kid: KID });
const ACCESS = [{ type: 'repository', name: 'user-100/app', actions: ['pull', 'push'] }];

/** The least that a registry's token server can do: it signs for whoever asks, and what is always the same. */
const server = createServer((_request, response) => {
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = encoded({
    access: ACCESS,
    iss: 'latchkey',
    sub: 'user-100',
    aud: 'registry.example.com',
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 300,
    jti: randomUUID(),
  });
  const signed = `${HEADER}.${claims}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  const token = `${signed}.${signature.toString('base64url')}`;
  const body = JSON.stringify({ token, access_token: token, expires_in: 300 });
  response
    .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
    .end(body);
});
server.listen(0, '127.0.0.1', () => announce(server));
