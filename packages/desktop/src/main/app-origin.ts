/** The app's own scheme: `file://` would give the page more rights than it needs. */
export const APP_SCHEME = 'app';
const APP_HOST = 'latchkey';
export const APP_START_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** Whether a page at `url` is the app's own. Compared whole, up to the slash behind the host. */
export function isAppUrl(url: string): boolean {
  return url.startsWith(APP_START_URL);
}

/** Whether `url` may be handed to the system's browser. */
export function isHttpsUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
