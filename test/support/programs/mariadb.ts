import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { requireProgram } from './find-program.js';
import { freePort } from './free-port.js';
import { Program } from './program.js';

const USER = 'latchkey';
const PASSWORD = 'a password for tests';

/** A MariaDB of one's own on loopback, with no data but what a test puts there. */
export interface Mariadb extends AsyncDisposable {
  readonly program: Program;
  /** Makes an empty database; @returns its `DATABASE_URL`. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Runs a statement that the databases' own user may not. */
  administer(statement: string): Promise<void>;
}

/** Starts a throwaway MariaDB; all of it is gone once it is disposed of. */
export async function startMariadb(options: readonly string[] = []): Promise<Mariadb> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-mariadb-'));
  const port = await freePort();
  const socketPath = join(folder, 's.sock');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const place = [`--datadir=${join(folder, 'data')}`, `--tmpdir=${join(folder, 'tmp')}`];
  await mkdir(join(folder, 'tmp'));
  await promisify(execFile)(requireProgram('mariadb-install-db'), [
    ...['--no-defaults', ...asRoot, ...place, '--auth-root-authentication-method=normal'],
    ...['--skip-test-db', '--skip-name-resolve'],
  ]);
  const asAdministrator = async (...statements: string[]) => {
    const connection = await createConnection({ socketPath, user: 'root' });
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      connection.destroy();
    }
  };
  const program = new Program(
    requireProgram('mariadbd'),
    [
      ...['--no-defaults', ...asRoot, ...place, `--socket=${socketPath}`, `--port=${port}`],
      ...[`--pid-file=${join(folder, 'm.pid')}`, '--bind-address=127.0.0.1', '--skip-name-resolve'],
      ...['--skip-log-bin', '--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M'],
      ...['--performance-schema=OFF', '--max-connections=1000', ...options],
    ],
    () => asAdministrator('SELECT 1'),
  );
  await program.start();
  const account = `'${USER}'@'127.0.0.1'`;
  await asAdministrator(
    `CREATE USER ${account} IDENTIFIED BY '${PASSWORD}'`,
    `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP ON \`latchkey%\`.* TO ${account}`,
  );
  return {
    program,
    async createDatabase(name) {
      await asAdministrator(
        `CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
      );
      return `mysql://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${name}`;
    },
    administer: (statement) => asAdministrator(statement),
    dropDatabase: (name) => asAdministrator(`DROP DATABASE IF EXISTS \`${name}\``),
    async [Symbol.asyncDispose]() {
      await program.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
