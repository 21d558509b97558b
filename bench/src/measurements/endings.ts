import { hash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import Libsql from 'libsql';
import { type MeasuredServer, startLatchkey } from '../harness/measured-server.js';
import { newSecret, type Seed } from '../harness/seed.js';
import { quantile } from '../harness/statistics.js';
import { subscribe } from '../harness/subscriber.js';
import { atLeast, atMost, type Section } from '../report.js';

const SESSIONS = 10_000;
const SOCKETS = 200;
const VERIFICATIONS_PER_SECOND = 200;
/** From the first row to the first end: the server starts meanwhile, and every socket is opened. */
const PREPARATION_MS = 12_000;
const BEFORE_MS = 2000;
/** Opened before anything is measured: Node accepts one a turn of its event loop. */
const CONNECTIONS = 32;
const TICK_MS = 2;
const LIMIT_MS = 60_000;
const SUBSCRIPTION = 'subscription { sessionEnded { id } }';

/** A session with a socket. */
interface Watched {
  readonly id: string;
  readonly secret: string;
  readonly endsAt: number;
  announcedAt?: number;
  closedAt?: number;
  closeCode?: number;
}

interface Endings {
  /** When the first and the last end, by the system's clock; within one second. */
  readonly from: number;
  readonly to: number;
  readonly watched: readonly Watched[];
}

/** Desktop sessions that end in the same second, each with its token, while verifications go on. */
export async function measureEndings(seed: Seed): Promise<Section> {
  const endings = storeSessions(seed, Date.now() + PREPARATION_MS);
  await using latchkey = await startLatchkey(seed.databasePath);
  const sockets = await openSockets(latchkey, endings);
  const verifying = verifyUntil(latchkey, seed, endings);
  await sleep(endings.from - Date.now());
  const usageBefore = await latchkey.usage();
  const removedMs = await untilAllAreOver(seed, endings);
  await until(() => endings.watched.every(({ closedAt }) => closedAt !== undefined));
  const { before, after } = await verifying.stop();
  const { cpuSeconds } = await latchkey.usage();
  for (const socket of sockets) socket.terminate();
  const { watched } = endings;
  const closedMs = latest(watched.map(({ closedAt, endsAt }) => (closedAt ?? Infinity) - endsAt));
  const toldMs = latest(watched.map(({ announcedAt, endsAt }) => (announcedAt ?? NaN) - endsAt));
  const inOrder = watched.filter(
    ({ announcedAt = Infinity, closedAt = 0, closeCode }) =>
      closeCode === 4403 && announcedAt <= closedAt,
  );
  return {
    title: 'Sessions that end in the same second',
    method: [
      `${SESSIONS} desktop sessions with their tokens end within one second, ${SOCKETS} of them, over as many accounts, with an open socket, while ${VERIFICATIONS_PER_SECOND} verifications a second are`,
      'sent on time whether or not earlier ones are answered. A socket’s time is from its session’s end to its close, the tokens’',
      'from the last session’s end to the last removal.',
    ],
    columns: [
      'verification p99 ms',
      'longest ms',
      'longest before ms',
      'last announced ms',
      'last socket closed ms',
      'last token removed ms',
      'server CPU s',
    ],
    rows: [
      [
        quantile(after, 0.99),
        quantile(after, 1),
        quantile(before, 1),
        toldMs,
        closedMs,
        removedMs,
        cpuSeconds - usageBefore.cpuSeconds,
      ],
    ],
    targets: [
      atMost('longest verification in ms', quantile(after, 1), 50),
      atMost('last socket closed in ms', closedMs, 1000),
      atLeast('% told of their end, then closed with 4403', (100 * inOrder.length) / SOCKETS, 100),
    ],
  };
}

function latest(timesMs: readonly number[]): number {
  return quantile(timesMs, 1);
}

function storeSessions({ databasePath, accounts }: Seed, from: number): Endings {
  const database = new Libsql(databasePath);
  const addSession =
    database.prepare(`INSERT INTO sessions (id, accountId, secretDigest, client, deviceId, deviceName,
    ipAddress, createdAt, lastSeenAt, expiresAt, liveUntil) VALUES (?, ?, ?, 'DESKTOP', ?, ?, '192.0.2.17', ?, ?, ?, ?)`);
  const addToken =
    database.prepare(`INSERT INTO access_tokens (id, accountId, kind, description, descriptionFolded, hint,
    scopes, active, expiresAt, createdAt, sessionId, useCount) VALUES (?, ?, 'SESSION', ?, ?, 'lka_…0000', 7, 1, ?, ?, ?, 0)`);
  const now = Date.now();
  const watched: Watched[] = [];
  const every = SESSIONS / SOCKETS;
  database.exec('BEGIN');
  for (let number = 0; number < SESSIONS; number++) {
    const secret = newSecret('SESSION');
    const id = `ending-${number}`;
    const account = accounts[number % accounts.length]?.id ?? '';
    const endsAt = from + Math.floor((number * 1000) / SESSIONS);
    const digest = hash('sha256', secret, 'base64url');
    addSession.run([id, account, digest, id, id, now, now, endsAt, endsAt]);
    addToken.run([`token of ${id}`, account, id, id, endsAt, now, id]);
    // One of each fifty, and not the same one, so that their accounts are different ones.
    const isWatched = number % every === Math.floor(number / every) % every;
    if (isWatched) watched.push({ id, secret, endsAt });
  }
  database.exec('COMMIT');
  database.close();
  return { from, to: from + 999, watched };
}

function openSockets({ url }: MeasuredServer, { watched }: Endings) {
  return Promise.all(
    watched.map(async (session) => {
      const told = ({ sessionEnded }: { readonly sessionEnded: { readonly id: string } }) => {
        if (sessionEnded.id === session.id) session.announcedAt = Date.now();
      };
      const socket = await subscribe(url, session.secret, SUBSCRIPTION, told);
      socket.once('close', (code) => {
        session.closedAt = Date.now();
        session.closeCode = code;
      });
      return socket;
    }),
  );
}

/** Verifies at a steady rate; what was sent before the first end is told apart. */
function verifyUntil({ url }: MeasuredServer, { tokens }: Seed, { from }: Endings) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const before: number[] = [];
  const after: number[] = [];
  let sent = 0;
  let open = 0;
  const send = () => {
    const secret = tokens[sent++ % tokens.length]?.secret ?? '';
    const sentAt = performance.now();
    const timesMs = Date.now() < from ? before : after;
    open++;
    const headers = { authorization: `Bearer ${secret}` };
    get(`${url}/auth/verify`, { agent, headers }, (response) => {
      if (response.statusCode !== 200) throw new Error('A valid token was refused.');
      timesMs.push(performance.now() - sentAt);
      open--;
      response.resume();
    });
  };
  while (sent < CONNECTIONS) send();
  let startedAt = 0;
  const timer = setInterval(() => {
    if (Date.now() < from - BEFORE_MS) return;
    if (startedAt === 0) {
      startedAt = performance.now();
      sent = 0;
      before.length = 0;
    }
    const due = ((performance.now() - startedAt) / 1000) * VERIFICATIONS_PER_SECOND;
    while (sent < due) send();
  }, TICK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await until(() => open === 0);
      agent.destroy();
      return { before, after };
    },
  };
}

/** @returns how long after the last end the last session and its token were over. */
async function untilAllAreOver({ databasePath }: Seed, { to }: Endings): Promise<number> {
  const database = new Libsql(databasePath);
  const due = database.prepare('SELECT 1 FROM sessions WHERE liveUntil <= ? LIMIT 1');
  await sleep(to - Date.now());
  await until(() => due.get([to]) === undefined);
  const removedMs = Date.now() - to;
  const left = database
    .prepare(
      "SELECT COUNT(*) AS count FROM access_tokens WHERE sessionId LIKE 'ending-%' AND removedAt IS NULL",
    )
    .get() as { readonly count: number };
  database.close();
  if (left.count > 0) throw new Error('A session ended without its token.');
  return removedMs;
}

async function until(done: () => boolean): Promise<void> {
  const limit = performance.now() + LIMIT_MS;
  while (!done() && performance.now() < limit) await sleep(TICK_MS);
}
