// Prints the uses of an account's tokens as they happen: node examples/watch-uses.js
// LATCHKEY_SECRET is a session's secret, or a token's, which sees its own uses; LATCHKEY_URL the server's address.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { LATCHKEY_URL = 'http://127.0.0.1:4000', LATCHKEY_SECRET } = process.env;
if (!LATCHKEY_SECRET) {
  process.stderr.write('Set LATCHKEY_SECRET to the secret of a session or of a token.\n');
  process.exit(1);
}

const client = createClient({
  url: `${LATCHKEY_URL.replace(/^http/, 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${LATCHKEY_SECRET}` },
});

const uses = client.iterate({
  query:
    'subscription { usageEventRecorded { occurredAt outcome reason endpoint action resource ipAddress } }',
});
for await (const { data, errors } of uses) {
  process.stdout.write(`${JSON.stringify(errors ?? data?.usageEventRecorded)}\n`);
}
