import { FirstTables1767225600000 } from './1767225600000-first-tables.js';
import { LocksAndLeases1767312000000 } from './1767312000000-locks-and-leases.js';

/** In the order in which they run. A released migration is never changed. */
export const migrations = [FirstTables1767225600000, LocksAndLeases1767312000000];
