import Libsql from 'libsql';

type Run = (this: object, ...values: unknown[]) => unknown;

/** What the server does by itself meanwhile. */
const BACKGROUND = /liveUntil|usage_|leases|sqlite_|wal_|<= \?|^(BEGIN|COMMIT)/;

/**
 * Records every statement that SQLite runs in this process, those that were prepared before too. It is made before the
 * server is started.
 */
export class StatementLog implements Disposable {
  readonly #texts: string[] = [];
  readonly #restore: () => void;

  constructor() {
    const connection = Libsql.prototype as unknown as { prepare: (text: string) => object };
    const { prepare } = connection;
    const database = new Libsql(':memory:');
    const statement = Object.getPrototypeOf(database.prepare('SELECT 1')) as Record<string, Run>;
    database.close();
    const textOf = new WeakMap<object, string>();
    connection.prepare = function (text) {
      const prepared = prepare.call(this, text);
      textOf.set(prepared, text);
      return prepared;
    };
    const texts = this.#texts;
    const runs = Object.fromEntries(['get', 'all', 'run'].map((name) => [name, statement[name]]));
    for (const [name, run] of Object.entries(runs)) {
      statement[name] = function (...values) {
        texts.push(textOf.get(this) ?? 'a statement that was prepared too early');
        return run?.apply(this, values);
      };
    }
    this.#restore = () => {
      connection.prepare = prepare;
      Object.assign(statement, runs);
    };
  }

  /** The texts of those that ran while `work` went on, in their order. */
  async during(work: () => Promise<unknown>): Promise<string[]> {
    this.#texts.length = 0;
    await work();
    return this.#texts.filter((text) => !BACKGROUND.test(text));
  }

  [Symbol.dispose](): void {
    this.#restore();
  }
}
