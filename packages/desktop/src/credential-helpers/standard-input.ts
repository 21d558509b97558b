import { CLIENT_INPUT_MAX_BYTES } from '../ipc/helper-contract.js';

const PATIENCE_MS = 5_000;

/** All of standard input as text; its beginning where it is longer than any; undefined where it does not end in time. */
export function readStandardInput(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const give = (text: string | undefined): void => {
      clearTimeout(timer);
      process.stdin.destroy();
      resolve(text);
    };
    const read = () => Buffer.concat(chunks).toString('utf8');
    const timer = setTimeout(() => give(undefined), PATIENCE_MS);
    process.stdin.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > CLIENT_INPUT_MAX_BYTES) give(read());
    });
    process.stdin.on('end', () => give(read()));
    process.stdin.on('error', () => give(undefined));
  });
}
