/** Why the server cannot start here and now, in words for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Of a database that cannot be opened, in its driver's own words. */
export function databaseUnusable(location: string, cause: unknown): StartError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartError(`The database at ${location} cannot be used: ${reason}`, { cause });
}

/** Of a database that a command needs, since commands make none. */
export function noDatabase(location: string): StartError {
  return new StartError(
    `There is no database of Latchkey's at ${location}, and commands make none. Set DATABASE_URL as the server has it.`,
  );
}
