const REGISTRY_HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?$/;
/** More than any host has, with its scheme and port. */
const ADDRESS_MAX_CHARACTERS = 300;

/** The registry's host as a person types it and docker's configuration names it; undefined where `server` is none. */
export function registryHostOf(server: string): string | undefined {
  if (server.length > ADDRESS_MAX_CHARACTERS) return undefined;
  const host = server
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
  return REGISTRY_HOST.test(host) ? host : undefined;
}

/** One name for every form in which a client asks for that registry, such as `https://Registry.example.com:443/v2/`. */
export function sameRegistry(server: string): string | undefined {
  const isPlain = /^http:/i.test(server);
  const withoutVersion = server.replace(/\/v[12]\/?$/i, '');
  return registryHostOf(withoutVersion)?.replace(isPlain ? /:80$/ : /:443$/, '');
}
