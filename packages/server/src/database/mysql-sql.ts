import mysql, { type ExecuteValues, type ResultSetHeader, type RowDataPacket } from 'mysql2';
import type { Sql, SqlValue } from './database.js';

/** Taken once: the driver's own name for it is a getter that looks its module up each time. */
const { TypedParameter } = mysql;

/** A pool or one connection of it: mysql2 prepares each text once a connection. */
export interface Executor {
  execute(
    statement: string,
    values: ExecuteValues[],
    done: (error: Error | null, result: RowDataPacket[] | ResultSetHeader) => void,
  ): void;
}

/** Prepared statements on MySQL. */
export class MysqlSql implements Sql {
  constructor(private readonly executor: Executor) {}

  async get<Row>(statement: string, values?: readonly SqlValue[]): Promise<Row | undefined> {
    return (await this.all<Row>(statement, values))[0];
  }

  async all<Row>(statement: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.#execute(statement, values)) as Row[];
  }

  async run(statement: string, values: readonly SqlValue[] = []): Promise<number> {
    return ((await this.#execute(statement, values)) as ResultSetHeader).affectedRows;
  }

  #execute(statement: string, values: readonly SqlValue[]) {
    return new Promise<RowDataPacket[] | ResultSetHeader>((resolve, reject) => {
      this.executor.execute(statement, values.map(toParameter), (error, result) =>
        error ? reject(error) : resolve(result),
      );
    });
  }
}

/** A number without a type is sent as a float, which an integer key and LIMIT would have to be converted for. */
function toParameter(value: SqlValue) {
  return typeof value === 'number' ? TypedParameter.BIGINT(value) : value;
}
