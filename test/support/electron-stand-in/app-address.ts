/** Chromium navigates to no scheme that it does not know, so `app://NAME/` is `https://NAME.invalid/` to it. */
const SUFFIX = '.invalid';

export function toChromium(url: string, schemes: ReadonlySet<string>): string {
  const match = /^([a-z]+):\/\/([^/]+)(.*)$/.exec(url);
  return match !== null && schemes.has(match[1] ?? '')
    ? `https://${match[2]}${SUFFIX}${match[3]}`
    : url;
}

export function fromChromium(url: string, schemes: ReadonlySet<string>): string {
  const match = /^https:\/\/([^/]+)\.invalid(\/.*)?$/.exec(url);
  const [scheme] = schemes;
  return match === null || scheme === undefined ? url : `${scheme}://${match[1]}${match[2] ?? '/'}`;
}
