import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import { onServerCore } from './cores.js';

const START_LIMIT_MS = 60_000;
const INSTALL = 'mariadb-install-db';
const PATH = `${process.env['PATH']}:/usr/sbin`;

/** Which of the programs that the measurements on MariaDB need are not installed. */
export function missingPrograms(): string[] {
  return ['mariadbd', INSTALL, 'redis-server'].filter(
    (name) => spawnSync('which', [name], { env: { PATH } }).status !== 0,
  );
}

/** A MariaDB of the benchmark's own on loopback, on the servers' core, with the sync to disk that production has. */
export interface ThrowawayMariadb extends AsyncDisposable {
  /** `DATABASE_URL` of an empty database. */
  readonly databaseUrl: string;
  /** As its administrator. */
  readonly connection: Connection;
}

/** @param bufferPoolMiB how much of the data is kept in memory. */
export async function startMariadb(bufferPoolMiB: number): Promise<ThrowawayMariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-mariadb-'));
  const port = await freePort();
  const socketPath = join(folder, 's.sock');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const place = [`--datadir=${join(folder, 'data')}`, `--tmpdir=${join(folder, 'tmp')}`];
  mkdirSync(join(folder, 'tmp'));
  execFileSync(
    INSTALL,
    [
      ...['--no-defaults', ...asRoot, ...place, '--auth-root-authentication-method=normal'],
      ...['--skip-test-db', '--skip-name-resolve'],
    ],
    { env: { PATH }, stdio: 'ignore' },
  );
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const program = run('mariadbd', [
    ...['--no-defaults', ...asRoot, ...place, `--socket=${socketPath}`, `--port=${port}`],
    ...[`--pid-file=${join(folder, 'pid')}`, '--bind-address=127.0.0.1', '--skip-name-resolve'],
    ...['--skip-log-bin', `--innodb-buffer-pool-size=${bufferPoolMiB}M`],
    ...['--innodb-log-file-size=512M', '--performance-schema=OFF', '--max-connections=200'],
  ]);
  process.once('exit', remove); // after the program's own end
  const connection = await untilStarted(() => createConnection({ socketPath, user: 'root' }));
  await connection.query('CREATE DATABASE latchkey CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await connection.query("CREATE USER latchkey@'127.0.0.1' IDENTIFIED BY 'latchkey'");
  await connection.query("GRANT ALL ON latchkey.* TO latchkey@'127.0.0.1'");
  await connection.query('USE latchkey');
  return {
    databaseUrl: `mysql://latchkey:latchkey@127.0.0.1:${port}/latchkey`,
    connection,
    async [Symbol.asyncDispose]() {
      connection.destroy();
      await ended(program);
      remove();
    },
  };
}

export interface ThrowawayRedis extends AsyncDisposable {
  /** `REDIS_URL`. */
  readonly url: string;
}

/** A Redis of the benchmark's own that keeps nothing. */
export async function startRedis(): Promise<ThrowawayRedis> {
  const port = await freePort();
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const program = run('redis-server', [...options, '--dir', tmpdir()]);
  return { url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => ended(program) };
}

function run(name: string, args: readonly string[]): ChildProcess {
  const [command = '', ...all] = onServerCore([name, ...args]);
  const child = spawn(command, all, { env: { PATH }, stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

async function untilStarted<T>(connect: () => Promise<T>): Promise<T> {
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (performance.now() > limit) throw error;
      await sleep(50);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
