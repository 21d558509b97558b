import { randomBytes } from 'node:crypto';
import { readFile, readlink, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
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
    const status = await stat(realPath);
    // A device such as /dev/null would be replaced, and a pipe would never end.
    if (!status.isFile()) throw new Error('It is not a file.');
    if (status.size > LARGEST_BYTES) throw new Error('It is too large to be a configuration.');
    return { path: realPath, content: decode(await readFile(realPath)), mode: status.mode & 0o777 };
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return { path: await followLinks(path), content: null, mode: 0o600 };
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

/** Where a file will be that is not there yet, through every link that leads to it. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isAbsent(error) || dirname(path) === path) throw error;
  }
  const directory = await followLinks(dirname(path));
  const target = await readlink(join(directory, basename(path))).catch(() => undefined);
  return target === undefined
    ? join(directory, basename(path))
    : followLinks(resolve(directory, target));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('It is not UTF-8 text.');
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
