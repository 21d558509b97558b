import { FirstTables1767225600000 } from './1767225600000-first-tables.js';

/** In the order in which they run. A released migration is never changed. */
export const migrations = [FirstTables1767225600000];
