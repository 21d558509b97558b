import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from 'node:net';
import Libsql from 'libsql';
import AsyncLibsql from 'libsql/promise';
import type { Database } from '../../packages/server/dist/database/database.js';
import { openDatabase } from '../../packages/server/dist/database/open-database.js';
import { loadConfig } from '../../packages/server/dist/server.js';
import type { TestDatabase } from './test-database.js';

/** What happens to a statement. */
export interface Fault {
  /** How many statements succeed before it. */
  readonly after: number;
  /**
   * Whether it was carried out before it failed. On SQLite, where what fails is not carried out, the transaction is then
   * rolled back with it, as where the disk is full. On MySQL the connection is lost after the statement or before it.
   */
  readonly late: boolean;
  /** Whether every statement after it fails too. */
  readonly lasting: boolean;
  /** What SQLite says. */
  readonly code: (typeof CODES)[number];
}

export const CODES = ['SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'SQLITE_FULL'] as const;

export interface FaultyDatabase extends AsyncDisposable {
  readonly database: Database;
  /** Sets every connection of SQLite's to something of its own. @param setting such as `query_only = ON` */
  pragma(setting: string): Promise<void>;
  /** Has the statements of `work` meet the fault; resolves with what came of `work`. */
  during<T>(fault: Fault | undefined, work: () => Promise<T>): Promise<T>;
}

/** The server's own database over `place`, by a driver or a network that fails on demand. */
export function openFaulty(place: TestDatabase): Promise<FaultyDatabase> {
  return place.engine === 'sqlite' ? openFaultySqlite(place) : openFaultyMysql(place);
}

/** Which statement fails. */
class Faults {
  #fault: Fault | undefined;
  #left = 0;

  /** Counts one statement; @returns the fault that it meets */
  next(): Fault | undefined {
    const fault = this.#fault;
    if (fault === undefined || this.#left-- > 0) return undefined;
    if (!fault.lasting) this.#fault = undefined;
    return fault;
  }

  async during<T>(fault: Fault | undefined, work: () => Promise<T>): Promise<T> {
    this.#fault = fault;
    this.#left = fault?.after ?? 0;
    try {
      return await work();
    } finally {
      this.#fault = undefined;
    }
  }
}

async function openFaultySqlite({ url }: TestDatabase): Promise<FaultyDatabase> {
  const faults = new Faults();
  const connections = new Map<object, AnyFunction>();
  const undo = [Libsql, AsyncLibsql].map(({ prototype }) =>
    failOnDemand(prototype, faults, connections),
  );
  const database = await openDatabase(loadConfig({ DATABASE_URL: url }));
  return {
    database,
    during: (fault, work) => faults.during(fault, work),
    async pragma(setting) {
      for (const [connection, exec] of connections)
        await exec.call(connection, `PRAGMA ${setting}`);
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      for (const each of undo) each();
    },
  };
}

type AnyFunction = (...values: unknown[]) => unknown;

/** Of a connection, by either interface of libsql's. */
interface Prototype {
  inTransaction?: boolean;
  exec: AnyFunction;
  prepare: AnyFunction;
}

/** Puts `faults` before what every connection of the prototype runs; @returns what takes them away. @param connections gets each */
function failOnDemand(
  given: object,
  faults: Faults,
  connections: Map<object, AnyFunction>,
): () => void {
  const prototype = given as Prototype;
  const { exec, prepare } = prototype;
  /** Calls `run` unless a fault comes first. What waits for nothing cannot wait for a thread's rollback either. */
  const unlessFailing = (connection: Prototype, run: () => unknown, waits: boolean) => {
    const fault = faults.next();
    if (fault === undefined) return run();
    const error = Object.assign(new Error('injected: the disk fails'), {
      code: fault.code,
    });
    const isAsync = prototype === (AsyncLibsql.prototype as unknown);
    const undone =
      fault.late && connection.inTransaction && (waits || !isAsync)
        ? exec.call(connection, 'ROLLBACK')
        : undefined;
    if (!isAsync || !waits) throw error;
    return Promise.resolve(undone).then(() => Promise.reject(error));
  };
  const watch = (statement: Record<string, AnyFunction>, connection: Prototype) => {
    for (const name of ['run', 'get', 'all']) {
      const original = statement[name] as AnyFunction;
      statement[name] = (...values) =>
        unlessFailing(connection, () => original.apply(statement, values), name === 'all');
    }
    return statement;
  };
  prototype.exec = function (this: Prototype, ...values) {
    connections.set(this, exec);
    return unlessFailing(this, () => exec.apply(this, values), true);
  };
  prototype.prepare = function (this: Prototype, ...values) {
    connections.set(this, exec);
    const statement = prepare.apply(this, values);
    return statement instanceof Promise
      ? statement.then((each) => watch(each, this))
      : watch(statement as Record<string, AnyFunction>, this);
  };
  return () => Object.assign(prototype, { exec, prepare });
}

/** Between the server and its database: a chunk that the server sends is a statement. */
async function openFaultyMysql(place: TestDatabase): Promise<FaultyDatabase> {
  const faults = new Faults();
  const target = new URL(place.url);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = tcpConnect(Number(target.port), target.hostname);
    let mute = false;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (chunk) => {
      const fault = faults.next();
      if (fault !== undefined && !fault.late) return cut();
      if (fault !== undefined) mute = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (mute ? cut() : client.write(chunk)));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(place.url);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as AddressInfo).port);
  const database = await openDatabase(loadConfig({ DATABASE_URL: url.href, ...place.env }));
  return {
    database,
    during: (fault, work) => faults.during(fault, work),
    pragma: () => Promise.reject(new Error('MySQL has none.')),
    async [Symbol.asyncDispose]() {
      await database.close();
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
