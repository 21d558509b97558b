import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../graphql/schema/schema.js';

/** Writes `packages/shared/schema.graphql` from the resolvers; with `--check` it only tells whether that would change it. */
const file = fileURLToPath(new URL('../../../shared/schema.graphql', import.meta.url));
const printed = `${printSchema(lexicographicSortSchema(createSchema()))}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  process.stderr.write(
    'packages/shared/schema.graphql is not what the resolvers say. Run: npm run fix\n',
  );
  process.exitCode = 1;
}
