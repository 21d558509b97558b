import type { FieldProblem } from '@latchkey/shared';
import {
  GraphQLError,
  type GraphQLInputType,
  type GraphQLLeafType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isSpecifiedScalarType,
  Kind,
  type ValueNode,
} from 'graphql';

/** More mistakes than a person reads at once; the walk ends there. */
const PROBLEMS_MAX = 10;
/** A field's name is the caller's, and of any length. */
const NAME_MAX_LENGTH = 100;

/** A value that a request holds, in JSON or as a literal of its document. */
interface Input {
  /** A variable stands in its place, and is looked at by itself. */
  readonly isVariable?: boolean;
  readonly isNull: boolean;
  /** Undefined where it is no list. */
  readonly items: () => readonly Input[] | undefined;
  /** Undefined where it is no object. */
  readonly fields: () => ReadonlyMap<string, Input> | undefined;
  /** Whether it is a value of `type`. @throws GraphQLError */
  readonly fits: (type: GraphQLLeafType) => boolean;
}

/**
 * What is wrong with the value of a variable, by path, such as `input.scopes[0]`. graphql-js would show the whole value for
 * each mistake: a password may stand in it, and it may be long.
 */
export function variableProblems(
  value: unknown,
  type: GraphQLInputType,
  path: string,
): FieldProblem[] {
  return problemsOf(jsonInput(value), type, path);
}

/** What is wrong with a value that stands in the document itself, as for a variable. */
export function literalProblems(
  node: ValueNode,
  type: GraphQLInputType,
  path: string,
): FieldProblem[] {
  return problemsOf(literalInput(node), type, path);
}

function problemsOf(input: Input, type: GraphQLInputType, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const report = (at: string, message: string) => problems.push({ path: at, message });
  const visit = (value: Input, wanted: GraphQLInputType, at: string): void => {
    if (value.isVariable || problems.length >= PROBLEMS_MAX) return;
    if (isNonNullType(wanted)) {
      if (value.isNull) report(at, `A value of type "${wanted}" is required, and null is none.`);
      else visit(value, wanted.ofType, at);
    } else if (value.isNull) {
      return;
    } else if (isListType(wanted)) {
      const items = value.items();
      // What is no list counts as a list of one (the specification's section 3.11).
      if (items === undefined) visit(value, wanted.ofType, at);
      else
        for (const [index, item] of items.entries()) visit(item, wanted.ofType, `${at}[${index}]`);
    } else if (isInputObjectType(wanted)) {
      const given = value.fields();
      if (given === undefined) {
        report(at, `A value of type "${wanted}" is an object.`);
        return;
      }
      for (const field of Object.values(wanted.getFields())) {
        const inner = given.get(field.name);
        const path = `${at}.${field.name}`;
        if (inner !== undefined) visit(inner, field.type, path);
        else if (isRequiredInputField(field)) report(path, required(field.name, field.type));
      }
      for (const name of given.keys()) {
        if (problems.length >= PROBLEMS_MAX) return;
        if (wanted.getFields()[name] !== undefined) continue;
        const short = name.slice(0, NAME_MAX_LENGTH);
        report(`${at}.${short}`, `Field "${short}" is not defined by type "${wanted}".`);
      }
    } else {
      const problem = leafProblem(value, wanted);
      if (problem !== undefined) report(at, problem);
    }
  };
  visit(input, type, path);
  return problems.slice(0, PROBLEMS_MAX);
}

/** What to say of something that is needed and not there. */
export function required(name: string, type: GraphQLInputType): string {
  return `"${name}" of type "${type}" is required, and was not provided.`;
}

function leafProblem(value: Input, type: GraphQLLeafType): string | undefined {
  try {
    if (value.fits(type)) return undefined;
  } catch (error) {
    // A scalar of ours says what it takes; graphql-js' own show the value.
    const ours = error instanceof GraphQLError && !isSpecifiedScalarType(type);
    if (ours) return error.message;
  }
  if (!isEnumType(type)) return `This is no value of type "${type}".`;
  const names = type.getValues().map(({ name }) => name);
  return `A value of type "${type}" is one of ${names.join(', ')}.`;
}

function jsonInput(value: unknown): Input {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    isNull: value === null || value === undefined,
    items: () => (Array.isArray(value) ? value.map(jsonInput) : undefined),
    fields: () =>
      isObject
        ? new Map(Object.entries(value).map(([name, inner]) => [name, jsonInput(inner)]))
        : undefined,
    fits: (type) =>
      isEnumType(type)
        ? typeof value === 'string' && type.getValue(value) != null
        : type.parseValue(value) !== undefined,
  };
}

function literalInput(node: ValueNode): Input {
  return {
    isVariable: node.kind === Kind.VARIABLE,
    isNull: node.kind === Kind.NULL,
    items: () => (node.kind === Kind.LIST ? node.values.map(literalInput) : undefined),
    fields: () =>
      node.kind === Kind.OBJECT
        ? new Map(node.fields.map(({ name, value }) => [name.value, literalInput(value)]))
        : undefined,
    fits: (type) =>
      isEnumType(type)
        ? node.kind === Kind.ENUM && type.getValue(node.value) != null
        : type.parseLiteral(node) !== undefined,
  };
}
