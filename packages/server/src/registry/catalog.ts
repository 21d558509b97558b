import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import type { RegistryTokenService } from './registry-token.service.js';

const CHUNK = 100;
/** One answer costs the registry no more than this; what is left comes with the next page. */
const REQUESTS_LIMIT = 20;
/** Each namespace takes a request at least; the one beyond the limit is where the next page begins. */
export const NAMESPACES_A_PAGE = REQUESTS_LIMIT + 1;
const TIMEOUT_MS = 10_000;

export interface CatalogPage {
  readonly names: readonly string[];
  /** Where the next page begins; undefined where this is the last. */
  readonly next: string | undefined;
}

/** A registry's repositories, as far as somebody may see them. */
export class Catalog {
  constructor(
    private readonly url: string,
    private readonly tokens: RegistryTokenService,
  ) {}

  /**
   * Repositories in the catalog's order, after `after`.
   * @param readable the namespaces to look into, sorted, `NAMESPACES_A_PAGE` of them unless they are all; undefined for
   * all there is.
   * @throws LatchkeyError UNAVAILABLE where the registry does not answer as it should
   */
  async list(
    readable: readonly string[] | undefined,
    after: string,
    size: number,
  ): Promise<CatalogPage> {
    const names: string[] = [];
    let requests = 0;
    for (const prefix of prefixesFrom(readable, after)) {
      let place = after.startsWith(prefix) ? after : prefix;
      for (;;) {
        if (requests++ === REQUESTS_LIMIT) return { names, next: place };
        const chunk = await this.#chunk(place);
        const inside = chunk.filter((name) => name.startsWith(prefix));
        names.push(...inside.slice(0, size - names.length));
        if (names.length === size) return { names, next: names.at(-1) };
        if (inside.length < chunk.length) break;
        const last = chunk.at(-1);
        // A chunk that is not full is the end of the catalog.
        if (last === undefined || chunk.length < CHUNK) return { names, next: undefined };
        place = last;
      }
    }
    return { names, next: undefined };
  }

  async #chunk(after: string): Promise<string[]> {
    const access = [{ type: 'registry', name: 'catalog', actions: ['*'] }];
    const { token } = await this.tokens.issue('', access, null);
    const query = new URLSearchParams({ n: String(CHUNK), ...(after && { last: after }) });
    try {
      const response = await fetch(`${this.url}/v2/_catalog?${query}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`The registry answered ${response.status} to its catalog.`);
      const { repositories } = (await response.json()) as { repositories: string[] | null };
      return repositories ?? [];
    } catch (cause) {
      throw new LatchkeyError(
        ErrorCode.UNAVAILABLE,
        'The registry does not list its repositories now. Try again in a moment.',
        { cause },
      );
    }
  }
}

/** The namespace in which what comes after `after` begins. */
export function namespaceAt(after: string): string {
  return after.split('/', 1)[0] ?? '';
}

/** Registries sort by path, part by part, which for namespaces is the order of their names. */
function prefixesFrom(readable: readonly string[] | undefined, after: string): string[] {
  if (readable === undefined) return [''];
  const first = namespaceAt(after);
  return readable.filter((name) => name >= first).map((name) => `${name}/`);
}
