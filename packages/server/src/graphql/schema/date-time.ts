import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLISODateTime } from 'type-graphql';

/** A time as ISO 8601 in UTC with milliseconds, such as `2026-11-22T12:04:00.000Z`. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLISODateTime.toConfig(),
  name: 'DateTime',
  description: 'A time in ISO 8601, in UTC with milliseconds: 2026-11-22T12:04:00.000Z.',
  parseValue: (value) => parseTime(value),
  parseLiteral: (node) => parseTime(node.kind === Kind.STRING ? node.value : undefined, node),
});

/** In our own words: the scalar's would show the value, of whatever length. */
function parseTime(value: unknown, nodes?: ValueNode): Date {
  try {
    return GraphQLISODateTime.parseValue(value);
  } catch {
    const message =
      'A time is written as 2026-11-22T12:04:00.000Z, or with an offset such as +01:00.';
    throw new GraphQLError(message, nodes && { nodes });
  }
}

/** UTC milliseconds as the scalar wants them; null stays null. */
export function toDate(timeMs: number): Date;
export function toDate(timeMs: number | null): Date | null;
export function toDate(timeMs: number | null): Date | null {
  return timeMs === null ? null : new Date(timeMs);
}
