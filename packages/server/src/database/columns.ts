import { Column, type ColumnOptions, PrimaryColumn } from 'typeorm';

/** Drivers return 64-bit integers as numbers or as texts; a time in milliseconds fits a number for 285,000 years. */
const numeric = {
  to: (value: number | null) => value,
  from: (value: number | string | null) => (value === null ? null : Number(value)),
};

/** A UUID, the row's own. */
export const IdColumn = () => PrimaryColumn({ type: 'varchar', length: 36 });

/** Another row's UUID. */
export const ReferenceColumn = (options: ColumnOptions = {}) =>
  Column({ type: 'varchar', length: 36, ...options });

/** A text of at most `length` characters. */
export const TextColumn = (length: number, options: ColumnOptions = {}) =>
  Column({ type: 'varchar', length, ...options });

/** A time in UTC milliseconds: the same integer on every engine, clear of their time zones. */
export const TimeColumn = (options: ColumnOptions = {}) =>
  Column({ type: 'bigint', transformer: numeric, ...options });
