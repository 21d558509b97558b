import type { FieldProblem } from '@latchkey/shared';
import type { GraphQLError } from 'graphql';

const INVALID = /^Variable "\$(\w+)" got invalid value /;
const MISSING = /^Variable "\$(\w+)" of (?:required type|non-null type) /;
/** What is missing or too many in an input stands in the complaint, and not in the place. */
const FIELD = /^Field "(\w+)" (?:of required type|is not defined)/;
const PLACE = /.* at "([^"]+)"$/s;
/** Scalars end their complaint with the value. */
const VALUE = /(cannot represent [^:]+): .*$/s;

/**
 * What is wrong with an operation's variables, where that is what graphql-js complains of. Its own message shows the whole
 * value, in which a password may stand beside the field that is wrong.
 *
 * @returns the first wrong field, such as `input.scopes[0]`.
 */
export function variableProblem({
  message,
  originalError,
}: GraphQLError): FieldProblem | undefined {
  const [, missing] = MISSING.exec(message) ?? [];
  if (missing !== undefined) return { path: missing, message };
  const [, variable] = INVALID.exec(message) ?? [];
  const complaint = originalError?.message;
  if (variable === undefined || complaint === undefined) return undefined;
  const before = message.slice(0, -`; ${complaint}`.length);
  const [, place = variable] = PLACE.exec(before) ?? [];
  const [, field] = FIELD.exec(complaint) ?? [];
  const path = field === undefined ? place : `${place}.${field}`;
  return { path, message: complaint.replace(VALUE, '$1.') };
}
