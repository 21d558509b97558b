const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/(?:Chrome|Chromium)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];
const PLATFORMS: Readonly<Record<string, string>> = {
  linux: 'Linux',
  darwin: 'macOS',
  win32: 'Windows',
};

/** "Firefox 140 on Linux" for a browser; for a program its first word, such as `git/2.39.5`. */
export function programOf(userAgent: string | null | undefined): string | null {
  if (!userAgent) return null;
  if (!userAgent.startsWith('Mozilla/')) return userAgent.split(' ')[0] ?? null;
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent));
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const name = browser ? `${browser[1]} ${browser[0].exec(userAgent)?.[1]}` : 'A browser';
  return system ? `${name} on ${system}` : name;
}

/** "macOS" for `darwin`; what is not known stays as it came. */
export function platformName(platform: string): string {
  return PLATFORMS[platform] ?? platform;
}
