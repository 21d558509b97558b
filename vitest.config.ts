import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig, type TestUserConfig } from 'vitest/config';
import { missingPrograms } from './test/support/programs/find-program.ts';
import { galeraProvider } from './test/support/programs/galera-provider.ts';
import { skipped } from './test/support/programs/skipped.ts';

const TESTS = ['test/**/*.test.ts'];
const CLUSTER = 'test/cluster/**';
/** What does not depend on the engine, or is about SQLite alone, runs once. */
const ENGINE_FREE = [
  'test/desktop/**',
  'test/renderer/**',
  'test/architecture/**',
  'test/operation/failing-disk.test.ts',
  'test/operation/full-disk.test.ts',
  'test/operation/logged-failures.test.ts',
  'test/operation/long-retention.test.ts',
  'test/operation/database-lock.test.ts',
  'test/operation/backup.test.ts',
  'test/operation/log-format.test.ts',
  'test/operation/event-loop.test.ts',
  'test/graphql/socket-floods.test.ts',
  'test/operation/compose-proxy.test.ts',
  'test/documentation/**',
  'test/operation/compose-registry.test.ts',
  'test/operation/systemd-units.test.ts',
  'test/operation/watch-uses.test.ts',
  'test/configuration/**',
  'test/credential-helpers/**',
  'test/sessions/ten-thousand-ends.test.ts',
  'test/database/query-plans.test.ts',
];
/** What is about MySQL alone. */
const MYSQL_ONLY = [
  'test/verification/clocks-of-servers.test.ts',
  'test/database/tls.test.ts',
  'test/database/unended-transactions.test.ts',
  'test/database/identifiers-by-byte.test.ts',
  'test/database/interrupted-migration.test.ts',
  'test/graphql/socket-recheck.test.ts',
  'test/graphql/time-limit.test.ts',
  'test/usage/shared-paging.test.ts',
  'test/endpoints/shared-signing-key.test.ts',
];

/** What reads and writes rows in ways that may depend on the engine; `npm test` runs it on MySQL, too. */
const ENGINE_DEPENDENT = [
  'test/{accounts,database,namespaces,resource-servers,sessions,tokens,usage}/**/*.test.ts',
  'test/endpoints/{leaked-secrets,repositories}.test.ts',
  'test/operation/{killed-server,rows-in-errors,stored-secrets}.test.ts',
  'test/verification/clock-set-back.test.ts',
  ...MYSQL_ONLY,
];
/** What counts in thousands, or brings one fault after another; `npm run test:all` adds it. */
const LONG = [
  'test/cluster/{clocks,galera,kills-and-pauses,ten-thousand-revocations}.test.ts',
  'test/endpoints/malformed-requests.test.ts',
  'test/graphql/socket-floods.test.ts',
  'test/operation/{event-loop,failing-disk,full-disk,long-retention,malformed-requests}.test.ts',
  'test/sessions/ten-thousand-ends.test.ts',
  'test/usage/refusal-flood.test.ts',
];

/** The suite runs on both engines; MySQL's part, and that of many servers, needs these. */
const missing = missingPrograms(['mariadbd', 'mariadb-install-db', 'redis-server']);
if (missing.length > 0) {
  skipped(
    `Not installed: ${missing.join(', ')}. The suite on MySQL and the cluster's are skipped.`,
  );
}
const GALERA = 'test/cluster/galera.test.ts';
const hasGalera = galeraProvider() !== undefined;
if (!hasGalera) skipped('Not installed: galera-4. The suite on a Galera cluster is skipped.');

type ProjectConfig = Omit<TestUserConfig, 'projects'>;

interface Files {
  readonly include: string[];
  readonly exclude: readonly string[];
}

function sqlite(name: string, { include, exclude }: Files) {
  const others = [CLUSTER, ...MYSQL_ONLY];
  return project({ name, include, exclude: [...configDefaults.exclude, ...others, ...exclude] });
}

function mysql(name: string, { include, exclude }: Files) {
  const others = [CLUSTER, ...ENGINE_FREE];
  return project({
    name,
    include,
    globalSetup: ['test/support/mysql-engine.setup.ts'],
    exclude: [...configDefaults.exclude, ...others, ...exclude],
  });
}

/** Three servers, a database and Redis each: one file at a time, after everything else. */
function cluster(name: string, { include, exclude }: Files) {
  return project({
    name,
    include,
    exclude: [...configDefaults.exclude, ...exclude],
    testTimeout: 180_000,
    maxWorkers: 1,
    sequence: { groupOrder: 1 },
  });
}

function project(test: ProjectConfig) {
  return { extends: true as const, test };
}

export default defineConfig({
  test: {
    // Real servers, real processes: on a busy machine they take their time, and no test asserts it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // No module keeps anything from one test to the next, and loading them anew for each file took half of the time.
    isolate: false,
    // They wait for processes, databases and browsers more than they compute.
    maxWorkers: availableParallelism() + 1,
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    projects: [
      sqlite('sqlite', { include: TESTS, exclude: LONG }),
      sqlite('rest-sqlite', { include: LONG, exclude: [] }),
      ...(missing.length === 0
        ? [
            mysql('mysql', { include: ENGINE_DEPENDENT, exclude: LONG }),
            mysql('rest-mysql', { include: TESTS, exclude: ENGINE_DEPENDENT }),
            cluster('cluster', { include: [`${CLUSTER}/*.test.ts`], exclude: LONG }),
            cluster('rest-cluster', {
              include: LONG.filter((path) => path.startsWith('test/cluster')),
              exclude: hasGalera ? [] : [GALERA],
            }),
          ]
        : []),
    ],
  },
});
