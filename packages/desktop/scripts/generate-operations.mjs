// Writes the renderer's typed operations from its .graphql files and the server's schema.
// With --check it writes nothing, and fails where the file on disk differs from what it would write.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { buildSchema, parse } from 'graphql';

const here = fileURLToPath(new URL('..', import.meta.url));
const renderer = join(here, 'src/renderer');
const schemaPath = join(here, '../shared/schema.graphql');
const outputPath = join(renderer, 'graphql/generated/operations.ts');

// Sorted by a path with forward slashes, so that every system writes the same file.
const documents = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.graphql'))
  .map((path) => path.split(sep).join('/'))
  .sort()
  .map((location) => ({
    location,
    document: parse(readFileSync(join(renderer, location), 'utf8')),
  }));

const config = {
  useTypeImports: true,
  enumType: 'string-literal',
  immutableTypes: true,
  skipTypename: true,
  scalars: { DateTime: 'string', ID: 'string' },
  optimizeDocumentNode: true,
};

const schema = buildSchema(readFileSync(schemaPath, 'utf8'));
const outputs = await Promise.all(
  [typescriptOperations, typedDocumentNode].map(({ plugin }) =>
    plugin(schema, documents, config, { outputFile: outputPath }),
  ),
);
const output = `${[
  ...new Set(outputs.flatMap(({ prepend }) => prepend ?? [])),
  ...outputs.map(({ content }) => content),
].join('\n')}\n`;

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(outputPath), { recursive: true });
  writeFileSync(outputPath, output);
} else if (output !== readIfThere(outputPath)) {
  console.error(
    `${relative(process.cwd(), outputPath)} differs from the operations and the schema. Run "npm run operations".`,
  );
  process.exitCode = 1;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
