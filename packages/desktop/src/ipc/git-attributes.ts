/** `key=value` lines up to an empty one. Lists (`capability[]`, `wwwauth[]`) and keys that nobody here knows are left out. */
export function parseGitAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') break;
    const [key = '', ...rest] = line.split('=');
    if (!key.endsWith('[]')) attributes.set(key, rest.join('='));
  }
  return attributes;
}

/** What the app needs of them: the rest may be long, and secret. */
export function askedAttributes(attributes: ReadonlyMap<string, string>): string {
  return ['protocol', 'host', 'username']
    .filter((key) => attributes.has(key))
    .map((key) => `${key}=${attributes.get(key)}\n`)
    .join('');
}
