import { useEffect } from 'react';

/** Asked before another page opens; it answers whether to go, and calls `go` itself where it has to ask first. */
type Guard = (go: () => void) => boolean;

/** The guard, and the page that it keeps. */
let held: { readonly guard: Guard; readonly url: URL; readonly state: unknown } | undefined;

/** Wraps every navigation of the router. */
export function guardNavigation(go: () => void): void {
  if (!held || held.guard(go)) go();
}

/** While it is given, nobody leaves the page without it: by a link, by the browser's Back, or by closing the tab. */
export function useLeaveGuard(current: Guard | undefined): void {
  useEffect(() => {
    if (!current) return;
    held = { guard: current, url: new URL(window.location.href), state: window.history.state };
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    return () => {
      held = undefined;
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [current]);
}

// The browser moves in its history without asking, so the page is put back on top of where that went. The router must
// not see it: a window's listeners are called in their order, and this one is there before the router's first.
window.addEventListener('popstate', (event) => {
  if (!held || window.location.pathname === held.url.pathname) return;
  if (held.guard(() => window.history.back())) return;
  event.stopImmediatePropagation();
  window.history.pushState(held.state, '', held.url);
});
