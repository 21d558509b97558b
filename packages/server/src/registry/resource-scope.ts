import { FULL_SCOPE_SET, fromScopeSet, Scope, type ScopeSet } from '@latchkey/shared';

/** One thing that a registry's client asks for, and what it wants to do with it. */
export interface ResourceScope {
  readonly type: 'repository' | 'registry';
  readonly name: string;
  readonly scopes: ScopeSet;
}

/** An entry of a registry token's `access` claim. */
export interface ResourceAccess {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** More than any client asks for at once; a token's size grows with each. */
export const RESOURCES_LIMIT = 50;
const NAME_MAX_LENGTH = 255;
/** The distribution specification's repository names. What is not one is never granted. */
const PART = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const REPOSITORY_NAME = new RegExp(`^${PART}(?:/${PART})*$`);

const SCOPES_BY_ACTION: ReadonlyMap<string, ScopeSet> = new Map([
  ['pull', 1],
  ['push', 2],
  ['delete', 4],
  ['*', FULL_SCOPE_SET],
]);
const ACTION: Readonly<Record<Scope, string>> = {
  [Scope.READ]: 'pull',
  [Scope.WRITE]: 'push',
  [Scope.DELETE]: 'delete',
};

/**
 * Reads `type:name:actions` (the distribution specification's token scopes), each text holding one or several. The same
 * resource asked for twice is one; what is not understood is left out, as it can never be granted.
 */
export function parseResourceScopes(texts: readonly string[]): ResourceScope[] {
  const byName = new Map<string, ResourceScope>();
  for (const text of texts.flatMap((several) => several.split(' '))) {
    const parsed = parseOne(text);
    if (parsed === undefined) continue;
    const key = `${parsed.type}:${parsed.name}`;
    const scopes = parsed.scopes | (byName.get(key)?.scopes ?? 0);
    byName.set(key, { ...parsed, scopes });
  }
  return [...byName.values()];
}

function parseOne(text: string): ResourceScope | undefined {
  const first = text.indexOf(':');
  const last = text.lastIndexOf(':');
  if (first < 0 || last === first) return undefined;
  // A class, as in `repository(plugin)`, is deprecated and means nothing.
  const type = text.slice(0, first).replace(/\([a-z]*\)$/, '');
  const name = text.slice(first + 1, last);
  const scopes = text
    .slice(last + 1)
    .split(',')
    .reduce((set, action) => set | (SCOPES_BY_ACTION.get(action) ?? 0), 0);
  if (type === 'registry')
    return name === 'catalog' && scopes ? { type, name, scopes: 1 } : undefined;
  if (type !== 'repository' || scopes === 0) return undefined;
  const valid = name.length <= NAME_MAX_LENGTH && REPOSITORY_NAME.test(name);
  return valid ? { type, name, scopes } : undefined;
}

/** The namespace that a resource is in: its name up to the first slash. The registry itself is in none. */
export function namespaceOf({ type, name }: Pick<ResourceScope, 'type' | 'name'>): string {
  const slash = name.indexOf('/');
  return type === 'repository' && slash > 0 ? name.slice(0, slash) : '';
}

/** The actions that `granted` stands for. A registry knows listing its catalog as `*` alone. */
export function actionsOf({ type }: Pick<ResourceScope, 'type'>, granted: ScopeSet): string[] {
  if (type === 'registry') return granted === 0 ? [] : ['*'];
  return fromScopeSet(granted).map((scope) => ACTION[scope]);
}

/** What was granted of what was asked for, without what was not. */
export function accessOf(
  resources: readonly ResourceScope[],
  granted: readonly ScopeSet[],
): ResourceAccess[] {
  return resources
    .map((resource, index) => ({
      type: resource.type,
      name: resource.name,
      actions: actionsOf(resource, granted[index] ?? 0),
    }))
    .filter(({ actions }) => actions.length > 0);
}
