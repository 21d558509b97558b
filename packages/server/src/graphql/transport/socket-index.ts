const NONE: ReadonlySet<never> = new Set();

/** Finds sockets by what they belong to: ten thousand endings in a second cannot look at every socket each. */
export class SocketIndex<Socket> {
  readonly #sockets = new Map<string, Set<Socket>>();

  /** @param keyOf what a socket belongs to; null for nothing. */
  constructor(private readonly keyOf: (socket: Socket) => string | null) {}

  add(socket: Socket): void {
    const key = this.keyOf(socket);
    if (key === null) return;
    this.#sockets.set(key, (this.#sockets.get(key) ?? new Set()).add(socket));
  }

  remove(socket: Socket): void {
    const key = this.keyOf(socket);
    const sockets = key === null ? undefined : this.#sockets.get(key);
    if (key === null || !sockets?.delete(socket)) return;
    if (sockets.size === 0) this.#sockets.delete(key);
  }

  of(key: string): ReadonlySet<Socket> {
    return this.#sockets.get(key) ?? NONE;
  }

  keys(): string[] {
    return [...this.#sockets.keys()];
  }
}
