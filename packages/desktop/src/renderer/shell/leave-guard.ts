import { useEffect } from 'react';

/** Asked before another page opens; it answers whether to go, and calls `go` itself where it has to ask first. */
type Guard = (go: () => void) => boolean;

let guard: Guard | undefined;

/** Wraps every navigation of the router. */
export function guardNavigation(go: () => void): void {
  if (!guard || guard(go)) go();
}

/** While it is given, nobody leaves the page without it: neither by a link nor by closing the tab. */
export function useLeaveGuard(current: Guard | undefined): void {
  useEffect(() => {
    if (!current) return;
    guard = current;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    return () => {
      guard = undefined;
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [current]);
}
