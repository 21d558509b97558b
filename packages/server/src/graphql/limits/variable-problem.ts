import type { FieldProblem } from '@latchkey/shared';
import type { GraphQLError } from 'graphql';
import { missingOrForeignField, withoutValue } from './input-complaint.js';

const INVALID = /^Variable "\$(\w+)" got invalid value /;
const MISSING = /^Variable "\$(\w+)" of (?:required type|non-null type) /;
const PLACE_START = ' at "';
const PLACE = /^\w+(?:\.\w+|\[\d+\])+$/;

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
  const place = placeIn(message.slice(0, -`; ${complaint}`.length)) ?? variable;
  const field = missingOrForeignField(complaint);
  const path = field === undefined ? place : `${place}.${field}`;
  return { path, message: withoutValue(complaint) };
}

/** Looked for from the end: what comes before is the caller's, of any length, and may look like one. */
function placeIn(text: string): string | undefined {
  const start = text.lastIndexOf(PLACE_START);
  const place = start < 0 ? '' : text.slice(start + PLACE_START.length, -1);
  return PLACE.test(place) ? place : undefined;
}
