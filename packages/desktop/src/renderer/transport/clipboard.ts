const CLEAR_AFTER_MS = 60_000;

let pending: ReturnType<typeof setTimeout> | undefined;

/**
 * Copies `secret` and empties the clipboard a minute later. Where the page may read the clipboard, something that was
 * copied meanwhile stays. A page without focus may not write: the clearing then waits until it has focus again.
 */
export async function copyAndClear(secret: string): Promise<void> {
  await navigator.clipboard.writeText(secret);
  clearTimeout(pending);
  pending = setTimeout(() => void clearWhenFocused(secret), CLEAR_AFTER_MS);
}

async function clearWhenFocused(secret: string): Promise<void> {
  if (!document.hasFocus()) {
    window.addEventListener('focus', () => void clearWhenFocused(secret), { once: true });
    return;
  }
  if (await holdsSomethingElse(secret)) return;
  await navigator.clipboard.writeText('').catch(() => undefined);
}

async function holdsSomethingElse(secret: string): Promise<boolean> {
  try {
    // Asked for nowhere: reading is only tried where it was granted before, so that no question pops up.
    const permission = await navigator.permissions.query({
      name: 'clipboard-read' as PermissionName,
    });
    if (permission.state !== 'granted') return false;
    return (await navigator.clipboard.readText()) !== secret;
  } catch {
    return false;
  }
}
