import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../core/start-error.js';
import type { SigningKeyService } from './signing-key.service.js';

/** Read by a registry of another user's: they hold public keys alone. */
const FOR_EVERYBODY = 0o644;

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
    await mkdir(folder, { recursive: true });
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

/** Whoever reads meanwhile finds the old file or the new one, never a part. */
async function replaceFile(path: string, text: string): Promise<boolean> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === text) return false;
  const draft = `${path}.new`;
  await writeFile(draft, text);
  await chmod(draft, FOR_EVERYBODY);
  await rename(draft, path);
  return true;
}
