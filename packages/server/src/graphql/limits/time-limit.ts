import { ErrorCode, LatchkeyError } from '@latchkey/shared';

const OPERATION_TIME_LIMIT_MS = 30_000;

/**
 * What `work` comes to, if it does within the time that an operation has.
 * @throws LatchkeyError UNAVAILABLE past it; nobody waits for the work any longer, though it may still be done.
 */
export async function inTime<T>(work: PromiseLike<T> | T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tookTooLong()), OPERATION_TIME_LIMIT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function tookTooLong(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.UNAVAILABLE,
    'The operation took too long and was given up. Try again, or ask for less.',
  );
}
