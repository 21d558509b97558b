import { ErrorCode, LIMITS } from '@latchkey/shared';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/** How much one operation may ask for. Introspection is deep and cheap, and is not counted. */
export const OPERATION_LIMITS = {
  depth: 10,
  aliases: 20,
  /** One for a field, or what it reads, times the rows of every list around it. */
  cost: 50_000,
  tokens: 2_000,
  bodyBytes: 256 * 1024,
} as const;

/** What a page may have where its size is a variable, and what it has where none is given. */
const MOST_ROWS = LIMITS.pageMaxLength;
const DEFAULT_ROWS = 50;
/** The rows of lists that nobody bounds: every live session, which are few, but need not be. */
const ROWS = new Map([
  ['accessTokens', DEFAULT_ROWS],
  ['usageEvents', DEFAULT_ROWS],
  ['sessions', MOST_ROWS],
]);
/** Fields that read far more than they answer with: a count a day, the newest of a token's uses. */
const READS = new Map([
  ['usageByDay', 180],
  ['recentCallers', 5000],
]);

interface Measure {
  readonly depth: number;
  readonly aliases: number;
  readonly cost: number;
}

const NOTHING: Measure = { depth: 0, aliases: 0, cost: 0 };

/** Refuses operations above `OPERATION_LIMITS` before any of their resolvers runs. */
export const operationLimits: ValidationRule = (context) => ({
  OperationDefinition(operation: OperationDefinitionNode) {
    const problem = problemOf(measureOperation(operation, context.getDocument()));
    if (problem === undefined) return;
    // Apollo gives every failed validation its own code; the mark beside it survives that.
    const extensions = { code: ErrorCode.OPERATION_TOO_COMPLEX, tooComplex: true };
    context.reportError(new GraphQLError(problem, { nodes: operation, extensions }));
  },
});

/** What graphql-js gives up on by itself, which it says by its text alone, and what a client is told instead. */
const GIVEN_UP: readonly (readonly [text: RegExp, message: string])[] = [
  [
    /^Syntax Error: Document contains more/,
    `An operation has at most ${OPERATION_LIMITS.tokens} tokens.`,
  ],
  [
    /^Too many errors processing variables/,
    'The variables have too many mistakes to name them all.',
  ],
  [/^Validation aborted\.$/, 'The operation repeats too many fields. Ask for each of them once.'],
];

/** Where graphql-js gave up on a document for its size: what to say of it. */
export function givenUp(error: unknown): string | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  return GIVEN_UP.find(([text]) => text.test(error.message))?.[1];
}

function problemOf({ depth, aliases, cost }: Measure): string | undefined {
  const { depth: maxDepth, aliases: maxAliases, cost: maxCost } = OPERATION_LIMITS;
  if (depth > maxDepth) return `The operation is ${depth} levels deep; ${maxDepth} are allowed.`;
  if (aliases > maxAliases)
    return `The operation has ${aliases} aliases; ${maxAliases} are allowed.`;
  if (cost > maxCost)
    return `The operation may ask for ${cost} values; ${maxCost} are allowed. Ask for fewer rows.`;
  return undefined;
}

function measureOperation(operation: OperationDefinitionNode, document: DocumentNode): Measure {
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const measured = new Map<string, Measure>();

  const measureSet = (set: SelectionSetNode | undefined): Measure =>
    (set?.selections ?? []).map(measureSelection).reduce(add, NOTHING);

  const measureSelection = (node: SelectionNode): Measure => {
    if (node.kind === Kind.FIELD) return measureField(node, measureSet(node.selectionSet));
    if (node.kind === Kind.INLINE_FRAGMENT) return measureSet(node.selectionSet);
    return measureFragment(node.name.value);
  };

  const measureFragment = (name: string): Measure => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // Until it is measured a fragment counts as nothing, which ends cycles; GraphQL refuses those by itself.
    measured.set(name, NOTHING);
    const measure = measureSet(fragments.get(name)?.selectionSet);
    measured.set(name, measure);
    return measure;
  };

  return measureSet(operation.selectionSet);
}

function measureField(field: FieldNode, inner: Measure): Measure {
  if (field.name.value.startsWith('__')) return NOTHING;
  return {
    depth: inner.depth + 1,
    aliases: inner.aliases + (field.alias ? 1 : 0),
    cost: (READS.get(field.name.value) ?? 1) + inner.cost * rowsOf(field),
  };
}

function rowsOf(field: FieldNode): number {
  const first = field.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (first?.kind === Kind.INT) return Math.min(MOST_ROWS, Math.max(1, Number(first.value)));
  if (first !== undefined) return MOST_ROWS;
  return ROWS.get(field.name.value) ?? 1;
}

function add(one: Measure, other: Measure): Measure {
  return {
    depth: Math.max(one.depth, other.depth),
    aliases: one.aliases + other.aliases,
    cost: one.cost + other.cost,
  };
}
