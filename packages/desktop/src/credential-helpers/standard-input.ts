const MAX_BYTES = 65_536;
const PATIENCE_MS = 5_000;

/** All of standard input as text; undefined where it is too long or does not end in time. */
export function readStandardInput(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const give = (text: string | undefined): void => {
      clearTimeout(timer);
      process.stdin.destroy();
      resolve(text);
    };
    const timer = setTimeout(() => give(undefined), PATIENCE_MS);
    process.stdin.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > MAX_BYTES) give(undefined);
    });
    process.stdin.on('end', () => give(Buffer.concat(chunks).toString('utf8')));
    process.stdin.on('error', () => give(undefined));
  });
}
