import { ErrorCode, LatchkeyError, validationFailed } from '@latchkey/shared';
import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isRequiredArgument,
  Kind,
  specifiedRules,
  typeFromAST,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import { literalProblems, required, variableProblems } from './input-problems.js';
import { excess, tooComplex } from './operation-limits.js';
import type { Variables } from './operation-measure.js';

interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Variables;
}

/** @returns what is wrong with an operation: the first thing, since all the others cost as much to find. */
export type OperationCheck = (operation: Operation) => GraphQLError | undefined;

/**
 * What operations are held to on both transports: the limits, then the specification's rules, then the variables' types.
 * A document that is met again, the same object, has its rules looked at once.
 */
export function operationCheck(schema: GraphQLSchema, introspection: boolean): OperationCheck {
  const rules = [
    inputValues,
    ...specifiedRules.filter((rule) => rule !== ValuesOfCorrectTypeRule),
    ...(introspection ? [] : [noIntrospection]),
  ];
  const validated = new WeakMap<DocumentNode, GraphQLError | null>();
  const ruleProblem = (document: DocumentNode): GraphQLError | null => {
    const known = validated.get(document);
    if (known !== undefined) return known;
    const [error] = validate(schema, document, rules, { maxErrors: 1 });
    const problem = error === undefined ? null : asProblem(error);
    validated.set(document, problem);
    return problem;
  };
  return (operation) => {
    const tooMuch = excess(schema, operation.document, operation.variables);
    if (tooMuch !== undefined) return asGraphqlError(tooMuch);
    return ruleProblem(operation.document) ?? variablesProblem(schema, operation);
  };
}

/** A field of graphql-js' complaint is known by the node that it is about. */
function asProblem(error: GraphQLError): GraphQLError {
  if (error.originalError instanceof LatchkeyError) return error;
  // Every rule names a node; without one graphql-js gave up.
  if (error.nodes === undefined) {
    return asGraphqlError(
      tooComplex('The operation repeats too many fields. Ask for each of them once.'),
    );
  }
  const path = error.nodes[0] && nameOf(error.nodes[0]);
  return asGraphqlError(
    path === undefined
      ? new LatchkeyError(ErrorCode.VALIDATION_FAILED, error.message)
      : validationFailed({ path, message: error.message }),
    error.nodes,
  );
}

function nameOf(node: ASTNode): string | undefined {
  if (node.kind === Kind.VARIABLE_DEFINITION) return node.variable.name.value;
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.VARIABLE) return node.name.value;
  return undefined;
}

/** In place of graphql-js' rule, which shows the value and knows no path. */
const inputValues: ValidationRule = (context) => ({
  Argument(node) {
    const type = context.getArgument()?.type;
    const [first, ...others] = type ? literalProblems(node.value, type, node.name.value) : [];
    if (first) context.reportError(asGraphqlError(validationFailed(first, ...others), [node]));
    return false;
  },
  VariableDefinition(node) {
    const type = typeFromAST(context.getSchema(), node.type);
    if (!node.defaultValue || !isInputType(type)) return;
    const problems = literalProblems(node.defaultValue, type, node.variable.name.value);
    const [first, ...others] = problems;
    if (first) context.reportError(asGraphqlError(validationFailed(first, ...others), [node]));
  },
  Field: {
    leave(node) {
      const given = new Set(node.arguments?.map(({ name }) => name.value));
      const missing = context
        .getFieldDef()
        ?.args.find((argument) => isRequiredArgument(argument) && !given.has(argument.name));
      if (missing === undefined) return;
      const problem = { path: missing.name, message: required(missing.name, missing.type) };
      context.reportError(asGraphqlError(validationFailed(problem), [node]));
    },
  },
});

/** In place of Apollo's and graphql-js' rules, whose words are for the server's programmers. */
const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return;
    const message =
      'This server does not tell its schema: introspection is off. The schema is the file packages/shared/schema.graphql of its release.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

function variablesProblem(
  schema: GraphQLSchema,
  { document, operationName, variables }: Operation,
): GraphQLError | undefined {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  for (const node of definitions) {
    const name = node.variable.name.value;
    const type = typeFromAST(schema, node.type);
    const given = variables != null && Object.hasOwn(variables, name);
    if (!isInputType(type) || (!given && (node.defaultValue || !isNonNull(node.type)))) continue;
    const problems = given
      ? variableProblems(variables[name], type, name)
      : [{ path: name, message: required(name, type) }];
    const [first, ...others] = problems;
    if (first) return asGraphqlError(validationFailed(first, ...others), [node]);
  }
  return undefined;
}

const isNonNull = ({ kind }: ASTNode): boolean => kind === Kind.NON_NULL_TYPE;

/** With the places in the document, and a status for Apollo, which answers 500 without. */
function asGraphqlError(originalError: LatchkeyError, nodes?: readonly ASTNode[]): GraphQLError {
  return new GraphQLError(originalError.message, {
    originalError,
    extensions: { http: { status: 400 } },
    ...(nodes && { nodes }),
  });
}
