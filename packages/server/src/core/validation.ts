import { validationFailed } from '@latchkey/shared';

/** A field's path, and what is wrong with it or undefined. */
export type FieldCheck = readonly [path: string, problem: string | undefined];

/** @throws LatchkeyError VALIDATION_FAILED with every field that has a problem. */
export function requireValid(...checks: readonly FieldCheck[]): void {
  const [first, ...rest] = checks.flatMap(([path, message]) =>
    message ? [{ path, message }] : [],
  );
  if (first) throw validationFailed(first, ...rest);
}
