import { FirstTables1767225600000 } from './1767225600000-first-tables.js';
import { LocksAndLeases1767312000000 } from './1767312000000-locks-and-leases.js';
import { Namespaces1767400000000 } from './1767400000000-namespaces.js';
import { SigningKeys1767400100000 } from './1767400100000-signing-keys.js';
import { ResourceServers1767400200000 } from './1767400200000-resource-servers.js';
import { RevokedResourceServers1767400300000 } from './1767400300000-revoked-resource-servers.js';
import { UsageLog1767500000000 } from './1767500000000-usage-log.js';
import { SessionsByDevice1767550000000 } from './1767550000000-sessions-by-device.js';
import { KnownClients1767800000000 } from './1767800000000-known-clients.js';
import { ClockMarks1767850000000 } from './1767850000000-clock-marks.js';
import { SetupCodes1767900000000 } from './1767900000000-setup-codes.js';

/**
 * In the order in which they run. A released migration is never changed. MySQL commits each change of the schema by itself,
 * so each finds out what an earlier run of it has done before it was broken off, and does the rest.
 */
export const migrations = [
  FirstTables1767225600000,
  LocksAndLeases1767312000000,
  Namespaces1767400000000,
  SigningKeys1767400100000,
  ResourceServers1767400200000,
  RevokedResourceServers1767400300000,
  UsageLog1767500000000,
  SessionsByDevice1767550000000,
  KnownClients1767800000000,
  ClockMarks1767850000000,
  SetupCodes1767900000000,
];
