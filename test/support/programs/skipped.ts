/** Says on one line what is not tested on this machine. @throws that line with `CI=true`, where everything is tested */
export function skipped(line: string): void {
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stderr.write(`${line}\n`);
}
