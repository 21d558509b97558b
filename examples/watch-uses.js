// Prints the uses of an account's tokens as they happen: node examples/watch-uses.js
// LATCHKEY_SECRET is a session's secret, or a token's, which sees its own uses; LATCHKEY_URL the server's address.
// Exit codes: 1 a setting is missing or wrong, 2 the server does not answer or ended the subscription.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { LATCHKEY_URL = 'http://127.0.0.1:4000', LATCHKEY_SECRET } = process.env;
if (!LATCHKEY_SECRET) fail(1, 'Set LATCHKEY_SECRET to the secret of a session or of a token.');
if (!/^https?:\/\/[^/]/.test(LATCHKEY_URL)) {
  fail(
    1,
    `Set LATCHKEY_URL to an address such as https://latchkey.example.com, not ${LATCHKEY_URL}.`,
  );
}

const client = createClient({
  url: `${LATCHKEY_URL.replace(/^http/, 'ws').replace(/\/+$/, '')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${LATCHKEY_SECRET}` },
  // A connection that was lost comes back; a secret that was refused does not.
  shouldRetry: (event) => typeof event?.code === 'number' && event.code !== 4403,
});

try {
  const uses = client.iterate({
    query:
      'subscription { usageEventRecorded { occurredAt outcome reason endpoint action resource ipAddress } }',
  });
  for await (const { data, errors } of uses) {
    process.stdout.write(`${JSON.stringify(errors ?? data?.usageEventRecorded)}\n`);
  }
} catch (problem) {
  fail(2, describe(problem));
}

/** Either a WebSocket's event, of a connection that failed or was closed, or errors of GraphQL. */
function describe(problem) {
  if (Array.isArray(problem)) return problem.map(({ message }) => message).join(' ');
  if (typeof problem?.reason === 'string') {
    return `The server closed the connection (${problem.code}). ${problem.reason}`.trimEnd();
  }
  const reason = problem?.message || problem?.error?.code || 'it gave no reason';
  return `No Latchkey server answers at ${LATCHKEY_URL}: ${reason}.`;
}

function fail(exitCode, sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
}
