import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { requireProgram } from './find-program.js';
import { steadyPort } from './free-port.js';
import { galeraProvider } from './galera-provider.js';
import { Program } from './program.js';

const run = promisify(execFile);
const USER = 'latchkey';
const PASSWORD = 'latchkey';
/** A node that is gone is noticed after two seconds instead of five. */
const NOTICE_SOON =
  'evs.suspect_timeout=PT2S;evs.inactive_timeout=PT5S;evs.keepalive_period=PT0.3S;evs.inactive_check_period=PT0.2S;evs.install_timeout=PT5S';

interface GaleraNode {
  readonly program: Program;
  readonly databaseUrl: string;
  /** Cuts the node off from the others, or lets it back. */
  isolate(isolated: boolean): Promise<void>;
  /** One of Galera's counters or states, such as `wsrep_cluster_size`. */
  status(name: string): Promise<string>;
}

export interface Galera extends AsyncDisposable {
  readonly nodes: readonly [GaleraNode, GaleraNode, GaleraNode];
}

interface Place {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  /** Of the group's own traffic, of a catching-up node's, and of a copy of everything. */
  readonly group: number;
  readonly catchUp: number;
  readonly copy: number;
}

/** Three nodes on loopback with an empty database `latchkey`. A node that is killed may be started again. */
export async function startGalera(): Promise<Galera> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-galera-'));
  const places = [
    await makePlace(folder, 'n1'),
    await makePlace(folder, 'n2'),
    await makePlace(folder, 'n3'),
  ] as const;
  if (process.getuid?.() === 0) await run('chown', ['-R', 'mysql', folder]); // rsync copies as nobody otherwise
  const address = `gcomm://${places.map(({ group }) => `127.0.0.1:${group}`).join(',')}`;
  const programs: Program[] = [];
  const dispose = async () => {
    for (const program of programs) await program.kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const first = nodeProgram(places[0], address, ['--wsrep-new-cluster']);
    programs.push(first);
    await first.start();
    await asRoot(
      places[0],
      'CREATE DATABASE latchkey CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
      `CREATE USER '${USER}'@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'`,
      `GRANT ALL ON latchkey.* TO '${USER}'@'127.0.0.1'`,
    );
    // What founds the cluster once must not found another one when it comes back.
    const again = nodeProgram(places[0], address);
    const joiners = places.slice(1).map((place) => nodeProgram(place, address));
    programs.push(...joiners);
    await Promise.all(joiners.map((program) => program.start()));
    await first.stop();
    programs.push(again);
    await again.start();
    const [second, third] = joiners as [Program, Program];
    return {
      nodes: [nodeOf(places[0], again), nodeOf(places[1], second), nodeOf(places[2], third)],
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function makePlace(parent: string, name: string): Promise<Place> {
  const folder = join(parent, name);
  await run('mkdir', ['-p', join(folder, 'tmp')]);
  const own = process.getuid?.() === 0 ? ['--user=root'] : [];
  await run(requireProgram('mariadb-install-db'), [
    ...['--no-defaults', ...own, `--datadir=${join(folder, 'data')}`],
    ...[`--tmpdir=${join(folder, 'tmp')}`, '--auth-root-authentication-method=normal'],
    ...['--skip-test-db', '--skip-name-resolve'],
  ]);
  return {
    name,
    folder,
    port: await steadyPort(),
    group: await steadyPort(),
    catchUp: await steadyPort(),
    copy: await steadyPort(),
  };
}

function nodeProgram(place: Place, address: string, more: readonly string[] = []): Program {
  const { folder, group } = place;
  const listen = `base_host=127.0.0.1;base_port=${group};gmcast.listen_addr=tcp://127.0.0.1:${group}`;
  const provider = `${listen};ist.recv_addr=127.0.0.1:${place.catchUp};gcache.size=16M;pc.recovery=on;${NOTICE_SOON}`;
  return new Program(
    requireProgram('mariadbd'),
    [
      ...['--no-defaults', ...(process.getuid?.() === 0 ? ['--user=mysql'] : [])],
      ...[`--datadir=${join(folder, 'data')}`, `--tmpdir=${join(folder, 'tmp')}`],
      ...[`--socket=${socketOf(place)}`, `--pid-file=${join(folder, 'pid')}`],
      ...[`--port=${place.port}`, '--bind-address=127.0.0.1', '--skip-name-resolve'],
      ...['--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M', '--skip-log-bin'],
      ...['--performance-schema=OFF', '--binlog-format=ROW', '--innodb-autoinc-lock-mode=2'],
      ...['--wsrep-on=ON', `--wsrep-provider=${galeraProvider()}`, '--wsrep-sst-method=rsync'],
      ...['--wsrep-cluster-name=latchkey', `--wsrep-cluster-address=${address}`],
      ...[`--wsrep-node-name=${place.name}`, `--wsrep-node-address=127.0.0.1:${group}`],
      ...[`--wsrep-sst-receive-address=127.0.0.1:${place.copy}`],
      ...[`--wsrep-provider-options=${provider}`, ...more],
    ],
    async () => {
      if ((await statusOf(place, 'wsrep_ready')) !== 'ON') throw new Error('It has not joined.');
    },
  );
}

const socketOf = ({ folder }: Place) => join(folder, 's.sock');

async function asRoot(place: Place, ...statements: string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection({ socketPath: socketOf(place), user: 'root' });
  try {
    let rows: RowDataPacket[] = [];
    for (const statement of statements) {
      [rows] = await connection.query<RowDataPacket[]>(statement);
    }
    return rows;
  } finally {
    connection.destroy();
  }
}

async function statusOf(place: Place, name: string): Promise<string> {
  const [row] = await asRoot(place, `SHOW STATUS LIKE '${name}'`);
  return String(row?.['Value']);
}

function nodeOf(place: Place, program: Program): GaleraNode {
  return {
    program,
    databaseUrl: `mysql://${USER}:${PASSWORD}@127.0.0.1:${place.port}/latchkey`,
    async isolate(isolated) {
      const option = `gmcast.isolate=${isolated ? 1 : 0}`;
      await asRoot(place, `SET GLOBAL wsrep_provider_options='${option}'`);
    },
    status: (name) => statusOf(place, name),
  };
}
