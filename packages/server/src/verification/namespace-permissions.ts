import { FULL_SCOPE_SET, Scope, type ScopeSet, toScopeSet } from '@latchkey/shared';
import { AccountRole } from '../database/entities/account.entity.js';

/** Who asks, as far as namespaces go. */
interface Owner {
  readonly username: string;
  readonly role: AccountRole;
}

const READ = toScopeSet([Scope.READ]);
/** What lies outside every namespace: repositories without a slash, and the registry's catalog. */
const OUTSIDE = '';

/**
 * What may be done in a namespace. An account does everything in its own; administrators see all, and manage what lies
 * outside; everybody reads what is public.
 * @param owner undefined for somebody without a token.
 */
export function permissionsIn(
  namespace: string,
  owner: Owner | undefined,
  publicNamespaces: ReadonlySet<string>,
): ScopeSet {
  const open = publicNamespaces.has(namespace) ? READ : 0;
  if (owner === undefined) return open;
  if (owner.username === namespace) return FULL_SCOPE_SET;
  if (owner.role !== AccountRole.ADMINISTRATOR) return open;
  return namespace === OUTSIDE ? FULL_SCOPE_SET : READ;
}

/** The namespaces in which somebody may read, sorted; undefined for all there is. */
export function readableNamespaces(
  owner: Owner,
  publicNamespaces: readonly string[],
): readonly string[] | undefined {
  if (owner.role === AccountRole.ADMINISTRATOR) return undefined;
  return [...new Set([owner.username, ...publicNamespaces])].sort();
}
