import { FirstTables1767225600000 } from './1767225600000-first-tables.js';

/**
 * In the order in which they run. A released migration is never changed. MySQL commits each change of the schema by itself,
 * so each finds out what an earlier run of it has done before it was broken off, and does the rest.
 */
export const migrations = [FirstTables1767225600000];
