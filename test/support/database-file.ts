import Libsql from 'libsql';

export interface DatabaseFile extends Disposable {
  all<Row>(sql: string, ...values: unknown[]): Row[];
  run(sql: string): void;
}

/** The database's file beside the server that has it open: what is committed, and a way to do it harm. */
export function openFile(path: string): DatabaseFile {
  const connection = new Libsql(path);
  connection.pragma('busy_timeout = 5000');
  return {
    all: <Row>(sql: string, ...values: unknown[]) => connection.prepare(sql).all(values) as Row[],
    run(sql) {
      connection.exec(sql);
    },
    [Symbol.dispose]() {
      connection.close();
    },
  };
}
