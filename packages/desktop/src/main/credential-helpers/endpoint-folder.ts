import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** macOS takes 103 bytes, Linux 107. */
const SOCKET_PATH_MAX_BYTES = 100;
const SOCKET_SUFFIX = '.sock';

/** Makes the folder its owner's alone, and clears it of sockets that a crash left. Throws where it is somebody else's. */
export async function prepareEndpointFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stat = await lstat(folder);
  if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== process.getuid())) {
    throw new Error(`${folder} is not a folder of this user.`);
  }
  await chmod(folder, 0o700);
  const left = (await readdir(folder)).filter((name) => name.endsWith(SOCKET_SUFFIX));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}

/** A new place to listen: a named pipe on Windows, else a socket in `folder`, or in one of its own where that is too long. */
export async function newSocketPath(folder: string): Promise<string> {
  const name = randomBytes(8).toString('hex');
  if (process.platform === 'win32') return `\\\\.\\pipe\\latchkey-${name}`;
  const path = join(folder, `${name}${SOCKET_SUFFIX}`);
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX_BYTES) return path;
  return join(await mkdtemp(join(tmpdir(), 'latchkey-')), `${name}${SOCKET_SUFFIX}`);
}

/** The folder that was made for a socket alone. */
export async function removeSocketFolder(folder: string, socketPath: string): Promise<void> {
  const own = dirname(socketPath);
  if (process.platform !== 'win32' && own !== folder) await rmdir(own).catch(() => undefined);
}
