import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { missingPrograms } from './test/support/programs/find-program.ts';
import { galeraProvider } from './test/support/programs/galera-provider.ts';

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
  'test/usage/interrupted-aggregation.test.ts',
];
/** What is about MySQL alone. */
const MYSQL_ONLY = [
  'test/verification/clocks-of-servers.test.ts',
  'test/database/tls.test.ts',
  'test/database/identifiers-by-byte.test.ts',
  'test/database/interrupted-migration.test.ts',
  'test/graphql/socket-recheck.test.ts',
  'test/graphql/time-limit.test.ts',
  'test/usage/shared-paging.test.ts',
  'test/endpoints/shared-signing-key.test.ts',
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

function skipped(line: string): void {
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stderr.write(`${line}\n`);
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
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: TESTS,
          exclude: [...configDefaults.exclude, CLUSTER, ...MYSQL_ONLY],
        },
      },
      ...(missing.length === 0
        ? [
            {
              extends: true as const,
              test: {
                name: 'mysql',
                include: TESTS,
                globalSetup: ['test/support/mysql-engine.setup.ts'],
                exclude: [...configDefaults.exclude, CLUSTER, ...ENGINE_FREE],
              },
            },
            {
              extends: true as const,
              // Three servers, a database and Redis each: one file at a time, after everything else.
              test: {
                name: 'cluster',
                include: [`${CLUSTER}/*.test.ts`],
                exclude: [...configDefaults.exclude, ...(hasGalera ? [] : [GALERA])],
                testTimeout: 180_000,
                maxWorkers: 1,
                sequence: { groupOrder: 1 },
              },
            },
          ]
        : []),
    ],
  },
});
