import fc from 'fast-check';
import { HOSTILE_DOCUMENTS, many } from './hostile-documents.js';

/** How many requests are made up; thousands are for a soak. */
export const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
export const FUZZ_LIMIT_MS = 60_000 + 1000 * FUZZ_RUNS;
/** fast-check prints the seed of what fails; `FUZZ_SEED` repeats it. */
export const FUZZ = {
  ...(process.env['FUZZ_SEED'] && { seed: Number(process.env['FUZZ_SEED']) }),
  endOnFailure: true,
};

/** How often something is repeated. */
export const sizes = fc.oneof(fc.nat(20), fc.nat(600), fc.nat(20_000));
const piece = fc.constantFrom(
  ...[
    'a# ',
    'id ',
    '... on Query ',
    '{ ',
    '} ',
    '[',
    ']',
    '(id: "#") ',
    '$v# ',
    ': ',
    '@skip(if: $v#) ',
  ],
  ...[
    '...F# ',
    'fragment F# on Query ',
    'query Q#($v: ID) ',
    'accessToken(id: #) { id } ',
    '"x" ',
    '"""',
  ],
  ...[
    'sessions { accessToken { session { id } } } ',
    'accessTokens(first: #) { edges { node ',
    '\n',
    '#,',
  ],
);
export const madeUpDocument = fc.oneof(
  fc
    .array(fc.tuple(sizes, piece), { minLength: 1, maxLength: 8 })
    .map((parts) => `{ ${parts.map(([count, text]) => many(count, text)).join('')} }`),
  // A document that once was slow, with a part of it missing or repeated.
  fc
    .tuple(fc.constantFrom(...Object.values(HOSTILE_DOCUMENTS)), fc.nat(), fc.nat(200), fc.nat(5))
    .map(([text, at, length, times]) => {
      const start = at % text.length;
      return (
        text.slice(0, start) +
        text.slice(start, start + length).repeat(times) +
        text.slice(start + length)
      );
    }),
);
