import type { Socket } from 'node:net';
import mysql, { type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import { DatabaseTimeout } from './database-errors.js';

type Acquired = (error: Error | null, connection?: PoolConnection) => void;

/**
 * mysql2 as TypeORM's driver, with what its pool leaves out: each new connection is set up before its first use, one that
 * hangs is closed, and nobody waits for a connection for ever.
 *
 * @param setup statements for each new connection.
 * @param limitMs how long a statement may go without a sign of life, and how long a caller waits for a connection.
 */
export function boundedDriver(setup: readonly string[], limitMs: number) {
  return {
    createPool(options: PoolOptions): Pool {
      const pool = mysql.createPool(options);
      const idle = new WeakSet<PoolConnection>();
      pool.on('release', (connection) => idle.add(connection));
      pool.on('acquire', (connection) => idle.delete(connection));
      pool.on('connection', (connection) => {
        connection.on('error', () => undefined); // the caller that waits for an answer is told; the pool drops it
        // They are queued on the connection, ahead of the caller's statement.
        for (const statement of setup) connection.query(statement, () => undefined);
        const { stream } = connection as unknown as { stream: Socket };
        stream.setTimeout(limitMs, () => {
          if (!idle.has(connection)) {
            stream.destroy(new DatabaseTimeout('The database did not answer in time'));
          }
        });
      });
      const getConnection = pool.getConnection.bind(pool);
      const queue = new Queue(limitMs);
      return Object.assign(pool, {
        getConnection: (acquired: Acquired) => getConnection(queue.inTime(acquired)),
      });
    },
  };
}

/** Those who wait for a connection. */
class Queue {
  #lastAcquiredAt = 0;

  constructor(private readonly limitMs: number) {}

  /** Gives up once nobody has got a connection for the limit's time; a queue that moves may be long. */
  inTime(acquired: Acquired): Acquired {
    let late = false;
    const giveUp = () => {
      const stillMs = performance.now() - this.#lastAcquiredAt;
      if (stillMs < this.limitMs) {
        timer = setTimeout(giveUp, this.limitMs - stillMs);
        return;
      }
      late = true;
      acquired(new DatabaseTimeout('No connection to the database came free in time'));
    };
    let timer = setTimeout(giveUp, this.limitMs);
    return (error, connection) => {
      clearTimeout(timer);
      if (connection) this.#lastAcquiredAt = performance.now();
      if (late) connection?.release();
      else acquired(error, connection);
    };
  }
}
