import { randomBytes } from 'node:crypto';
import { readFile, realpath, rm, stat } from 'node:fs/promises';
import { writeAtomically } from '../secrets/atomic-file.js';

const LARGEST_BYTES = 4 * 1024 * 1024;

/** Another program's configuration, read and replaced as a whole. */
export interface ConfigFile {
  /** Where it really is: a link stays one. */
  readonly path: string;
  /** Null where it is not there. */
  readonly content: string | null;
  readonly mode: number;
}

/** Throws where it cannot be read, or is no text of a believable size. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    const realPath = await realpath(path);
    const { size, mode } = await stat(realPath);
    if (size > LARGEST_BYTES) throw new Error('The file is too large to be a configuration.');
    const bytes = await readFile(realPath);
    const content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { path: realPath, content, mode: mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { path, content: null, mode: 0o600 };
  }
}

/** Leaves the old content or the new, never half of it, under the same mode; null removes the file. */
export async function replaceConfigFile(file: ConfigFile, content: string | null): Promise<void> {
  if (content === file.content) return;
  if (content === null) await rm(file.path, { force: true });
  else {
    const unfinished = `${file.path}.latchkey-${randomBytes(4).toString('hex')}`;
    await writeAtomically(file.path, content, { mode: file.mode, unfinished });
  }
}
