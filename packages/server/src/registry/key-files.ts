import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../core/make-folder.js';
import { StartError } from '../core/start-error.js';
import type { SigningKeyService } from './signing-key.service.js';

/** Read by a registry of another user's: they hold public keys alone. */
const FOR_EVERYBODY = 0o644;
const FOLDER_FOR_EVERYBODY = 0o755;

/**
 * Writes the public keys into `folder`, where a registry reads them at its start: `certificate.pem` for the 2.x line
 * (`auth.token.rootcertbundle`) and `jwks.json` for the 3.x line (`auth.token.jwks`). A file that is right is left alone.
 * @returns the files that were written, none where all were right
 * @throws StartError where the folder or a file cannot be written
 */
export async function writeKeyFiles(keys: SigningKeyService, folder: string): Promise<string[]> {
  const wanted = [
    ['certificate.pem', await keys.certificates()],
    ['jwks.json', JSON.stringify(await keys.jwks())],
  ] as const;
  try {
    makeFolder(folder, FOLDER_FOR_EVERYBODY);
    const written: string[] = [];
    for (const [name, text] of wanted) {
      if (await replaceFile(join(folder, name), text)) written.push(join(folder, name));
    }
    return written;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new StartError(
      `The registry's keys cannot be written to ${folder} (${code}). Set LATCHKEY_REGISTRY_KEYS to a folder that this user may write.`,
      { cause: error },
    );
  }
}

/** A reader finds the old file or the new one, never a part. */
async function replaceFile(path: string, text: string): Promise<boolean> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === text) return false;
  const draft = `${path}.new`;
  // Not through a link that somebody has put there.
  await rm(draft, { force: true });
  await writeFile(draft, text, { flag: 'wx' });
  await chmod(draft, FOR_EVERYBODY);
  await rename(draft, path);
  return true;
}
