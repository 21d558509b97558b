/** Why the server cannot start here and now, in words for whoever starts it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
