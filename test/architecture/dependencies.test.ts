import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../packages/server/src', import.meta.url));

/**
 * The server's folders from the lowest layer to the highest. A file imports from its own folder and from those in lower
 * layers; folders of one layer know nothing of each other.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['core', 'crypto'],
  ['database'],
  ['pubsub'],
  ['cluster', 'http'],
  ['accounts'],
  ['namespaces', 'registry', 'resource-servers', 'tokens'],
  ['sessions'],
  ['usage'],
  ['verification'],
  ['endpoints', 'graphql'],
];
/** The files that are in no folder compose the server; folders above these layers know only the configuration's types. */
const COMPOSITION = ['config.ts'];
const KNOWS_THE_CONFIGURATION = ['endpoints', 'graphql'];

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

const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');
const layerOf = (path: string) => LAYERS.findIndex((layer) => layer.includes(folderOf(path)));

/** `FILE imports WHAT` for every import that is not allowed. */
function offences(
  isAbout: (path: string) => boolean,
  isForbidden: (imported: string, importer: string) => boolean,
): string[] {
  return files
    .filter(({ path }) => isAbout(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter((imported) => isForbidden(imported, path))
        .map((imported) => `${path} imports ${imported}`),
    );
}

const isIn = (folders: readonly string[]) => (path: string) =>
  folders.some((folder) => path.startsWith(`${folder}/`));
const isOurs = (path: string) => files.some((file) => file.path === path);

test('every folder has its layer', () => {
  const folders = new Set(files.map(({ path }) => folderOf(path)));
  expect([...folders].sort()).toEqual(['', 'commands', ...LAYERS.flat()].sort());
});

test('a folder imports from lower layers alone', () => {
  const backwards = offences(
    (path) => layerOf(path) >= 0,
    (imported, importer) => {
      if (!isOurs(imported) || folderOf(imported) === folderOf(importer)) return false;
      if (COMPOSITION.includes(imported))
        return !KNOWS_THE_CONFIGURATION.includes(folderOf(importer));
      return layerOf(imported) < 0 || layerOf(imported) >= layerOf(importer);
    },
  );
  expect(backwards).toEqual([]);
});

test('rules and rows know nothing of the API', () => {
  const isRule = (path: string) => /\.(service|entity)\.ts$/.test(path);
  expect(files.filter(({ path }) => isRule(path)).length).toBeGreaterThan(10);
  expect(offences(isRule, (imported) => imported === 'type-graphql')).toEqual([]);
});

test('rows know nothing but their columns', () => {
  const beyond = offences(isIn(['database/entities']), (imported) => {
    const isColumns = imported === 'database/columns.ts' || imported === 'typeorm';
    return (
      !isColumns && !imported.startsWith('database/entities/') && !imported.startsWith('@latchkey/')
    );
  });
  expect(beyond).toEqual([]);
});

test('the API reads no rows but through services', () => {
  const isDatabase = (imported: string) =>
    imported === 'typeorm' ||
    (isIn(['database'])(imported) &&
      !isIn(['database/entities'])(imported) &&
      !/-errors\.ts$/.test(imported));
  expect(offences(isIn(['graphql']), isDatabase)).toEqual([]);
});

test('only entities, services and the database know TypeORM', () => {
  const mayKnow = (path: string) =>
    isIn(['database'])(path) || /\.service\.ts$/.test(path) || path === 'tokens/token-store.ts';
  expect(
    offences(
      (path) => !mayKnow(path),
      (imported) => imported === 'typeorm',
    ),
  ).toEqual([]);
});

test('only the configuration and the entry points read the environment', () => {
  const readers = files
    .map(({ path }) => path)
    .filter((path) => readFileSync(join(ROOT, path), 'utf8').includes('process.env'));
  expect(readers.filter((path) => folderOf(path) !== 'commands')).toEqual(['main.ts']);
});

test('no file has more than 300 lines', () => {
  expect(files.filter(({ lines }) => lines > 300)).toEqual([]);
});
