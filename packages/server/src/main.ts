import { ConfigError, createServer, type LatchkeyServer, loadConfig } from './server.js';

const BAD_CONFIGURATION = 78;

try {
  const config = loadConfig(process.env);
  const server = await createServer(config);
  process.stderr.write(`
Latchkey is at   ${server.url}
Its data lies in ${config.database.location}
Next             make the administrator's account there, or see the README's first page.
Stop with        Ctrl+C

`);
  stopOnSignal(server);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = BAD_CONFIGURATION;
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
