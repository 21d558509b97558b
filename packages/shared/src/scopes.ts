/** What a token may do: `READ` (pull, fetch), `WRITE` (push), `DELETE`. */
export const Scope = { READ: 'READ', WRITE: 'WRITE', DELETE: 'DELETE' } as const;
export type Scope = (typeof Scope)[keyof typeof Scope];

/** Every scope, in the order in which people read them. */
export const ALL_SCOPES: readonly Scope[] = [Scope.READ, Scope.WRITE, Scope.DELETE];

const SCOPE_BIT: Readonly<Record<Scope, number>> = { READ: 1, WRITE: 2, DELETE: 4 };

/** A set of scopes as bits: READ 1, WRITE 2, DELETE 4. It intersects with `&` and takes one column. */
export type ScopeSet = number;

/** `READ | WRITE | DELETE`. */
export const FULL_SCOPE_SET: ScopeSet = 7;

/** The set that holds exactly `scopes`; repeated ones count once. */
export function toScopeSet(scopes: readonly Scope[]): ScopeSet {
  return scopes.reduce((set, scope) => set | SCOPE_BIT[scope], 0);
}

/** The scopes of a set in reading order. */
export function fromScopeSet(set: ScopeSet): Scope[] {
  return ALL_SCOPES.filter((scope) => (set & SCOPE_BIT[scope]) !== 0);
}

/** `read` or `READ` as a scope; undefined for anything else. */
export function parseScope(text: string): Scope | undefined {
  const upper = text.toUpperCase();
  return ALL_SCOPES.find((scope) => scope === upper);
}
