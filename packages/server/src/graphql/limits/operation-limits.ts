import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  Source,
  TokenKind,
} from 'graphql';
import type { JsonLimits } from '../../http/bounded-json.js';
import { measureOperation, type Variables } from './operation-measure.js';

/** How much one operation may hold and ask for. */
export const OPERATION_LIMITS = {
  depth: 10,
  aliases: 20,
  /** One for a field, or what it reads, times the rows of every list around it. */
  cost: 50_000,
  /** Fields as they are written, those of a fragment wherever it is spread. */
  fields: 500,
  /** Operations and fragments of a document. */
  definitions: 25,
  tokens: 2_000,
  /** In UTF-16 units. */
  documentLength: 16 * 1024,
  bodyBytes: 256 * 1024,
} as const;

/** Of a body over HTTP, and of a message over a socket: the variables, the extensions and all around them. */
export const REQUEST_JSON: JsonLimits = { depth: 20, values: 2_000 };

export const TOO_MANY_VALUES = `A request has at most ${REQUEST_JSON.values} values in ${REQUEST_JSON.depth} levels.`;

/** @throws LatchkeyError OPERATION_TOO_COMPLEX where the text is too long to be read */
export function requireReadable(query: string): void {
  const max = OPERATION_LIMITS.documentLength;
  if (query.length > max) throw tooComplex(`A document has at most ${max} characters.`);
}

/** What to say of a document that cannot be parsed, where that is for its length. */
export function tokensProblem(source: Source): string | undefined {
  const lexer = new Lexer(source);
  try {
    for (let count = 0; count <= OPERATION_LIMITS.tokens; count++) {
      if (lexer.advance().kind === TokenKind.EOF) return undefined;
    }
  } catch {
    return undefined;
  }
  return `An operation has at most ${OPERATION_LIMITS.tokens} tokens.`;
}

/**
 * What lies beyond `OPERATION_LIMITS`. It takes a time that grows with the document alone, and comes before the rules of
 * validation, some of which take the square of it.
 */
export function excess(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
): LatchkeyError | undefined {
  const { depth, aliases, cost, fields, definitions } = OPERATION_LIMITS;
  if (document.definitions.length > definitions) {
    return tooComplex(`A document has at most ${definitions} operations and fragments.`);
  }
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  for (const operation of operations) {
    const measure = measureOperation(schema, document, operation, variables);
    if (measure.depth > depth) {
      return tooComplex(`The operation is ${measure.depth} levels deep; ${depth} are allowed.`);
    }
    if (measure.fields > fields) {
      return tooComplex(`The operation has ${measure.fields} fields; ${fields} are allowed.`);
    }
    if (measure.aliases > aliases) {
      return tooComplex(`The operation has ${measure.aliases} aliases; ${aliases} are allowed.`);
    }
    if (measure.cost > cost) {
      const message = `The operation may ask for ${measure.cost} values; ${cost} are allowed. Ask for fewer rows.`;
      return tooComplex(message);
    }
  }
  return undefined;
}

export function tooComplex(message: string): LatchkeyError {
  return new LatchkeyError(ErrorCode.OPERATION_TOO_COMPLEX, message);
}
