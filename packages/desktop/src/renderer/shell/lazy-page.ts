import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** The page's own code did not come: there is nothing of it to show or to try again. */
export class PageNotLoadedError extends Error {
  override readonly name = 'PageNotLoadedError';
}

/** A page whose code comes when it is first opened. */
export function lazyPage<Props>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    try {
      return await load();
    } catch (cause) {
      throw new PageNotLoadedError('A page could not be loaded.', { cause });
    }
  });
}
