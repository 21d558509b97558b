import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts one of the server's commands, such as `backup`, in a process of its own. */
export function startCommand(name: string, names: readonly string[], env: Record<string, string>) {
  const path = new URL(`../../packages/server/dist/commands/${name}.js`, import.meta.url);
  return spawn(process.execPath, [fileURLToPath(path), ...names], { env });
}

/** Runs one to its end, with `input` on its standard input. */
export function runCommand(
  name: string,
  names: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<Ended> {
  const child = startCommand(name, names, env);
  child.stdin.on('error', () => undefined).end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
