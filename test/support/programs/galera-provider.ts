import { existsSync } from 'node:fs';

/** Where distributions keep Galera's library for MariaDB. */
const PLACES = [
  '/usr/lib/galera/libgalera_smm.so',
  '/usr/lib/galera-4/libgalera_smm.so',
  '/usr/lib64/galera-4/libgalera_smm.so',
];

/** @returns undefined where Galera is not installed */
export function galeraProvider(): string | undefined {
  return PLACES.find((path) => existsSync(path));
}
