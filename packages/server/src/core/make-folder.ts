import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes `folder`, and those above it that are missing, with `mode` whatever the process's mask is. One by one: Node's recursive
 * mkdir never comes back from below /proc.
 *
 * @throws an error with the system's code, whose message names the folder in which none can be made
 */
export function makeFolder(folder: string, mode: number): void {
  const missing: string[] = [];
  let nearest = folder;
  for (; !existsSync(nearest); nearest = dirname(nearest)) missing.unshift(nearest);
  try {
    // The dot asks for a folder.
    accessSync(`${nearest}/.`, constants.W_OK | constants.X_OK);
    for (const each of missing) {
      mkdirSync(each);
      chmodSync(each, mode);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `${nearest} is not a folder that this user can write to (${code})`;
    throw Object.assign(new Error(message, { cause: error }), { code });
  }
}
