import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

interface AtomicOptions {
  readonly mode?: number;
  /** Where the new content is gathered; in the same folder. */
  readonly unfinished?: string;
}

/** Replaces the file as a whole, readable by its owner alone unless told: a crash leaves the old content or the new. */
export async function writeAtomically(
  path: string,
  content: string | Buffer,
  { mode = 0o600, unfinished = `${path}.new` }: AtomicOptions = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(unfinished, { force: true });
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.chmod(mode);
    await file.sync();
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
