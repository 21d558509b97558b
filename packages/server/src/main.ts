import { setFlagsFromString } from 'node:v8';
import { createLog, type Log } from './core/log.js';
import {
  type Config,
  ConfigError,
  createServer,
  type LatchkeyServer,
  loadConfig,
  StartError,
} from './server.js';

/** sysexits.h: EX_CONFIG, EX_UNAVAILABLE, EX_SOFTWARE. */
const BAD_CONFIGURATION = 78;
const UNAVAILABLE = 69;
const FAILED = 70;

// By itself, V8 lets the heap grow to several times what is alive before it collects the old part. This keeps the server
// under 200 MiB at full load, at no cost in speed that could be measured.
setFlagsFromString('--heap-growing-percent=25');

// Nobody but the owner may read what is written: the database, and whatever Node writes where it is told to.
process.umask(0o077);

try {
  const config = loadConfig(process.env);
  const log = createLog(config);
  logWhatNobodyCaught(log);
  const server = await createServer(config, undefined, log);
  process.stderr.write(`
Latchkey is at   ${config.publicUrl ?? server.url}
Its data lies in ${config.database.location}
Next             ${nextStep(config, server)}
Stop with        Ctrl+C

`);
  stopOnSignal(server);
  stopWithoutDatabase(server, log);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartError)) throw error;
  process.stderr.write(`Latchkey did not start. ${error.message}\n`);
  process.exit(error instanceof ConfigError ? BAD_CONFIGURATION : UNAVAILABLE);
}

/** The code is in the fragment, which browsers send nowhere, and in no line of the log. */
function nextStep({ publicUrl }: Config, { url, setup }: LatchkeyServer): string {
  const address = `${publicUrl ?? url}/`;
  if (!setup.required) return `sign in at ${address}`;
  const code = setup.code ?? 'LATCHKEY_SETUP_CODE';
  return `make the administrator's account at ${address}#setup=${code}`;
}

/** Node would print stacks and warnings as they are, with whatever stands in them. */
function logWhatNobodyCaught(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'The server failed, and stops');
    process.exit(FAILED);
  });
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn({ err: warning }, 'Node warns'));
}

/** The first signal drains; a second one does not wait. */
function stopOnSignal(server: LatchkeyServer): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      server.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

/** What it would go on to write goes nowhere, and what another server revokes would still be accepted here. */
function stopWithoutDatabase(server: LatchkeyServer, log: Log): void {
  server.lost.then(async (reason) => {
    log.fatal({ reason }, 'The database is gone; the server stops');
    await server.close().catch(() => undefined);
    process.exit(UNAVAILABLE);
  });
}
