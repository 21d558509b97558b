import { GraphQLScalarType } from 'graphql';
import { GraphQLISODateTime } from 'type-graphql';

/** A time as ISO 8601 in UTC with milliseconds, such as `2026-11-22T12:04:00.000Z`. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLISODateTime.toConfig(),
  name: 'DateTime',
  description: 'A time in ISO 8601, in UTC with milliseconds: 2026-11-22T12:04:00.000Z.',
});

/** UTC milliseconds as the scalar wants them; null stays null. */
export function toDate(timeMs: number): Date;
export function toDate(timeMs: number | null): Date | null;
export function toDate(timeMs: number | null): Date | null {
  return timeMs === null ? null : new Date(timeMs);
}
