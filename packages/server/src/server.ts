import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { Setup } from './accounts/setup-code.service.js';
import type { Config } from './config.js';
import { Background } from './core/background.js';
import { type Clock, SECOND_MS } from './core/clock.js';
import { createLog, type Log } from './core/log.js';
import { StartError } from './core/start-error.js';
import { WriteWatch } from './database/write-watch.js';
import { Metrics } from './endpoints/metrics.js';
import { createGraphql } from './graphql/graphql.js';
import { Housekeeping } from './housekeeping.js';
import { hostCheck } from './http/host-check.js';
import { createListener } from './http/listener.js';
import { openServices } from './open-services.js';
import { writeKeyFiles } from './registry/key-files.js';
import { createRoutes } from './routes.js';
import { EXCHANGE_PAUSE_MS } from './timekeeping.js';
import { FLUSH_PAUSE_MS } from './usage/usage-aggregation.js';
import { COUNTS_PAUSE_MS } from './usage/usage-log.js';

export { type Config, ConfigError, loadConfig } from './config.js';
export { StartError } from './core/start-error.js';

/** The less lies in SQLite's log, the sooner it is folded; the more often, the more is written twice. */
const CHECKPOINT_PAUSE_MS = 2 * SECOND_MS;
/** What ends by time is announced within a second. */
const SWEEP_PAUSE_MS = SECOND_MS / 2;
/** What heals is told within two seconds. */
const WRITE_WATCH_PAUSE_MS = SECOND_MS / 2;
const RETENTION_PAUSE_MS = SECOND_MS;
/** A client with an open socket is told sooner than one that would not hear of it. */
const FILE_CHECK_PAUSE_MS = SECOND_MS;
const SOCKET_SWEEP_PAUSE_MS = SECOND_MS / 4;
/** A rotation reaches every server's cache of the keys within ten seconds. */
const KEY_FILES_PAUSE_MS = 5 * SECOND_MS;
/** How long a stopping server waits for requests that are under way. */
const DRAIN_LIMIT_MS = 10 * SECOND_MS;

export interface LatchkeyServer {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly setup: Setup;
  /** Does at once what housekeeping does in the background. */
  housekeep(): Promise<void>;
  /** Resolves with the reason where the database's file was taken away while the server runs; it is to be closed then. */
  readonly lost: Promise<string>;
  /** Stops taking requests, answers those under way, and closes the database. */
  close(): Promise<void>;
}

/** Migrates the database, and serves. @throws where the database cannot be opened or the address is taken */
export async function createServer(
  config: Config,
  givenClock?: Clock,
  log: Log = createLog(config),
): Promise<LatchkeyServer> {
  const opened = await openServices(config, log, { givenClock });
  const { database, cluster, clock, timekeeping, services } = opened;
  const graphql = await createGraphql(services, config, clock, log);
  const housekeeping = new Housekeeping(
    database,
    services.endings,
    services.usageRetention,
    clock,
    config,
  );
  const metrics = new Metrics(() => graphql.sockets.count);
  metrics.watchUsageLog(services.usageRetention, config.usageMaxBytes);
  services.recorder.onCommitted((events) => metrics.countUses(events));

  let stopping = false;
  const isOwnHost = hostCheck(config.host, config.publicUrl);
  const routes = await createRoutes({
    isOwnHost,
    config,
    services,
    database,
    clock,
    metrics,
    graphql: graphql.handler,
    isStopping: () => stopping,
  });
  const listener = createListener(routes, config, log);
  const closeSockets = graphql.attach(listener, isOwnHost);
  const setup = await services.setupCodes.issue();
  const keysFolder = config.registry?.keysFolder;
  const writeKeys = async () => {
    if (keysFolder === undefined) return;
    const files = await writeKeyFiles(services.signingKeys, keysFolder);
    if (files.length > 0) log.info({ files }, 'The registry has new keys: restart it');
  };
  const url = await writeKeys()
    .then(() => listen(listener.server, config))
    .catch(async (error: unknown) => {
      await opened.close();
      throw error;
    });

  const background = new Background(log);
  const flushUsage = async () => {
    if (await cluster.leads()) await services.usageAggregation.flush();
  };
  // At once where a process before this one left something behind, or the first reader would wait for it.
  background.every(FLUSH_PAUSE_MS, 'usage aggregation', flushUsage, 0);
  background.every(COUNTS_PAUSE_MS, 'counts of refusals', () => services.usageLog.writeCounts());
  background.every(CHECKPOINT_PAUSE_MS, 'write-ahead log', () => database.checkpoint());
  const writeWatch = new WriteWatch(database.writes, log);
  background.every(WRITE_WATCH_PAUSE_MS, 'writes', () => writeWatch.look());
  background.every(SWEEP_PAUSE_MS, 'housekeeping', async () => {
    // A session that was seen just before its idle end has not come to it.
    await services.presence.flush();
    if (await cluster.leads()) await housekeeping.endExpired();
  });
  background.every(RETENTION_PAUSE_MS, 'retention', async () => {
    if (timekeeping.mayRemove() && (await cluster.leads())) await housekeeping.forget();
  });
  if (keysFolder !== undefined) {
    background.every(KEY_FILES_PAUSE_MS, "registry's key files", writeKeys);
  }
  background.every(SECOND_MS, 'connections', () => listener.connections.sweep());
  background.every(SOCKET_SWEEP_PAUSE_MS, 'sockets', () => graphql.sockets.sweep());
  background.every(SWEEP_PAUSE_MS, 'sockets of ended sessions', () => graphql.sockets.recheck());
  background.every(EXCHANGE_PAUSE_MS, 'latest time', () => timekeeping.exchange());
  const lost = new Promise<string>((resolve) => {
    background.every(FILE_CHECK_PAUSE_MS, 'database file', () => {
      const reason = database.whyLost();
      if (reason !== undefined) resolve(reason);
    });
  });
  const { location } = config.database;
  if (database.isNew) log.info({ database: location }, 'A new database was made');
  log.info({ url, database: location }, 'Listening');

  return {
    url,
    setup,
    lost,
    async housekeep() {
      await graphql.sockets.sweep();
      await services.presence.flush();
      await services.usageLog.writeCounts();
      await housekeeping.endExpired();
      while (await housekeeping.forget());
      await writeKeys();
    },
    async close() {
      stopping = true;
      await closeSockets();
      await drain(listener.server);
      await background.stop();
      await opened.close();
      log.info('Stopped');
    },
  };
}

async function listen(listener: Server, { port, host }: Config): Promise<string> {
  listener.listen(port, host);
  await once(listener, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`It cannot listen on ${host}:${port} (${error.code}). Set PORT or HOST.`);
  });
  const address = listener.address() as AddressInfo;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`;
}

async function drain(listener: Server): Promise<void> {
  const closed = once(listener, 'close');
  listener.close();
  listener.closeIdleConnections();
  const idle = setInterval(() => listener.closeIdleConnections(), 50);
  const limit = setTimeout(() => listener.closeAllConnections(), DRAIN_LIMIT_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
