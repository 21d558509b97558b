import type { FieldProblem } from '@latchkey/shared';
import { type ASTNode, BREAK, type GraphQLError, Kind, parse, visit } from 'graphql';
import { missingOrForeignField, withoutValue } from './input-complaint.js';

type Ancestors = readonly (ASTNode | readonly ASTNode[])[];

const MISSING_ARGUMENT = /^Field "\w+" argument "(\w+)" of type /;

/**
 * What is wrong with a value that stands in the document itself, where that is what graphql-js complains of.
 *
 * @returns the field, such as `input.scopes[0]`.
 */
export function literalProblem({ message, nodes }: GraphQLError): FieldProblem | undefined {
  const [, argument] = MISSING_ARGUMENT.exec(message) ?? [];
  if (argument !== undefined) return { path: argument, message };
  const [node] = nodes ?? [];
  const place = node && placeOf(node);
  if (!place) return undefined;
  const missing = node.kind === Kind.OBJECT ? missingOrForeignField(message) : undefined;
  const path = missing === undefined ? place : `${place}.${missing}`;
  return { path, message: withoutValue(message) };
}

/** A node does not know what it is part of, so the document is read again. */
function placeOf({ kind, loc }: ASTNode): string | undefined {
  if (loc === undefined) return undefined;
  let place: string | undefined;
  visit(parse(loc.source), {
    enter(node, _key, parent, _path, ancestors) {
      if (node.kind !== kind || node.loc?.start !== loc.start) return undefined;
      place = describe([...ancestors, ...(parent ? [parent] : []), node]);
      return BREAK;
    },
  });
  return place;
}

function describe(line: Ancestors): string {
  let place = '';
  line.forEach((node, index) => {
    if ('kind' in node) place += stepOf(node, line.slice(index + 1));
  });
  return place;
}

function stepOf(node: ASTNode, [values, value]: Ancestors): string {
  switch (node.kind) {
    case Kind.VARIABLE_DEFINITION:
      return node.variable.name.value;
    case Kind.ARGUMENT:
      return node.name.value;
    case Kind.OBJECT_FIELD:
      return `.${node.name.value}`;
    case Kind.LIST:
      return Array.isArray(values) ? `[${values.indexOf(value)}]` : '';
    default:
      return '';
  }
}
