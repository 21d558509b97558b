import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../packages/server/src', import.meta.url));

interface SourceFile {
  /** From the server's source folder, such as `tokens/token-store.ts`. */
  readonly path: string;
  readonly lines: number;
  /** Packages by name, files of the server by path. */
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const specifiers = [...text.matchAll(/^(?:import|export)[^;]*?from '([^']+)'/gms)];
    return {
      path,
      lines: text.split('\n').length,
      imports: specifiers.map(([, specifier = '']) => pathOf(path, specifier)),
    };
  });

function pathOf(importer: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const target = resolve(ROOT, dirname(importer), specifier);
  return relative(ROOT, target).replace(/\.js$/, '.ts');
}

/** `FILE imports WHAT` for every import that is not allowed. */
function offences(
  isAbout: (path: string) => boolean,
  isForbidden: (imported: string) => boolean,
): string[] {
  return files
    .filter(({ path }) => isAbout(path))
    .flatMap(({ path, imports }) =>
      imports.filter(isForbidden).map((imported) => `${path} imports ${imported}`),
    );
}

const isIn = (folders: readonly string[]) => (path: string) =>
  folders.some((folder) => path.startsWith(`${folder}/`));

test('rules and rows know nothing of the API', () => {
  const isRule = (path: string) => /\.(service|entity)\.ts$/.test(path);
  const isApi = (imported: string) => imported === 'type-graphql' || isIn(['graphql'])(imported);
  expect(files.filter(({ path }) => isRule(path)).length).toBeGreaterThan(10);
  expect(offences(isRule, isApi)).toEqual([]);
});

test('the API knows nothing of the database, but for what its failures are called', () => {
  const isDatabase = (imported: string) =>
    imported === 'typeorm' ||
    (isIn(['database'])(imported) &&
      !isIn(['database/entities'])(imported) &&
      !/-errors\.ts$/.test(imported));
  expect(offences(isIn(['graphql']), isDatabase)).toEqual([]);
});

test('only entities, services and the database know TypeORM', () => {
  const mayKnow = (path: string) =>
    isIn(['database'])(path) ||
    /\.(service|entity)\.ts$/.test(path) ||
    path === 'tokens/token-store.ts';
  expect(
    offences(
      (path) => !mayKnow(path),
      (imported) => imported === 'typeorm',
    ),
  ).toEqual([]);
});

test('each feature imports only those to its left', () => {
  const order = ['accounts', 'tokens', 'sessions', 'usage'];
  const backwards = order.flatMap((feature, place) =>
    offences(isIn([feature]), isIn(order.slice(place + 1))),
  );
  expect(backwards).toEqual([]);
});

test('features know neither the endpoints nor the transports', () => {
  const features = ['accounts', 'tokens', 'sessions', 'usage', 'namespaces', 'resource-servers'];
  expect(offences(isIn(features), isIn(['verification', 'graphql', 'http']))).toEqual([]);
});

test('only the configuration and the entry points read the environment', () => {
  const readers = files
    .map(({ path }) => path)
    .filter((path) => readFileSync(join(ROOT, path), 'utf8').includes('process.env'));
  expect(readers.sort()).toEqual(['commands/backup.ts', 'commands/reset-password.ts', 'main.ts']);
});

test('no file has more than 300 lines', () => {
  expect(files.filter(({ lines }) => lines > 300)).toEqual([]);
});
