import { app, type Session, shell, type WebContents } from 'electron';
import { isAppUrl, isHttpsUrl } from '../app-origin.js';

/** Whatever a page may ever be, it stays the app's own: no navigation, window, frame or plugin leads out of it. */
export function guardEveryPage(): void {
  app.on('web-contents-created', (_, contents) => guardPage(contents));
}

function guardPage(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openInBrowser(url);
    return { action: 'deny' };
  });
}

/** Opens an https address in the system's browser; does nothing with any other. */
export async function openInBrowser(url: string): Promise<void> {
  if (isHttpsUrl(url)) await shell.openExternal(url);
}

/** No permission, no device, and no network for the pages of `session`: they have the bridge. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, callback) =>
    callback({ cancel: !isAppUrl(details.url) && !details.url.startsWith('devtools://') }),
  );
}
