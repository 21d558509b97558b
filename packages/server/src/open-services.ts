import { alone, joinCluster } from './cluster/cluster.js';
import type { Config } from './config.js';
import { type Clock, systemClock } from './core/clock.js';
import type { Log } from './core/log.js';
import { openDatabase } from './database/open-database.js';
import { createServices } from './services.js';
import { Timekeeping } from './timekeeping.js';

/**
 * The services over the database that the configuration names, among the other servers that share it.
 * @param givenClock in the place of the database's or this machine's.
 * @param mustExist makes no database: for commands.
 * @throws StartError where the database cannot be had
 */
export async function openServices(
  config: Config,
  log: Log,
  { givenClock, mustExist = false }: { givenClock?: Clock | undefined; mustExist?: boolean } = {},
) {
  const database = await openDatabase(config, mustExist);
  const cluster = database.engine === 'sqlite' ? alone() : await joinCluster(database, config, log);
  const letGo = async () => {
    await cluster.leave();
    await database.close();
  };
  const timekeeping = await Timekeeping.start(
    database,
    givenClock ?? cluster.clock ?? systemClock,
    log,
  ).catch(async (error: unknown) => {
    await letGo();
    throw error;
  });
  const { clock } = timekeeping;
  const services = await createServices(database, cluster, config, clock, log);
  return {
    database,
    cluster,
    timekeeping,
    clock,
    services,
    /** Tells the other servers what they have to hear of, and lets go of the database. */
    async close(): Promise<void> {
      await services.usageLog.writeCounts().catch((error: unknown) => {
        log.error({ err: error }, 'Counts of refusals could not be written, and are lost');
      });
      await services.recorder.drain();
      await services.presence.flush().catch((error: unknown) => {
        log.error({ err: error }, 'When sessions were last seen could not be written');
      });
      // The newest usage event tells as well how far time has come.
      await timekeeping.writeDown().catch(() => undefined);
      await letGo();
    },
  };
}
