/** What a credential helper asks the running app, one question a connection: a line of JSON each way. */
export type HelperQuestion =
  /** `server` as docker gives it: `registry.example.com:5000`, or with a scheme. */
  | { readonly ask: 'DOCKER_GET'; readonly server: string }
  | { readonly ask: 'DOCKER_STORE'; readonly server: string; readonly username: string }
  | { readonly ask: 'DOCKER_LIST' }
  /** As git gives it; `host` has the port where the address has one. */
  | {
      readonly ask: 'GIT_GET' | 'GIT_ERASE';
      readonly protocol: string;
      readonly host: string;
      readonly path?: string;
      readonly username?: string;
    };

/** `key` is the secret of this launch, out of the door's file. */
export type HelperRequest = HelperQuestion & { readonly key: string };

export type HelperAnswer =
  | {
      readonly answer: 'CREDENTIAL';
      readonly username: string;
      readonly secret: string;
      /** When the session ends: seconds since 1970. */
      readonly expiresAtSeconds: number;
    }
  /** `remark` says why, on one line for the person, where the host was turned on. */
  | { readonly answer: 'NONE'; readonly remark?: string }
  /** Server to username. */
  | { readonly answer: 'SERVERS'; readonly servers: Readonly<Record<string, string>> }
  /** `remark` is for the person. */
  | { readonly answer: 'DONE'; readonly remark?: string };

/** Where the running app listens; kept in `HELPER_DOOR_FILE`, beside the helper programs, for its owner alone. */
export interface HelperDoorFile {
  readonly socketPath: string;
  readonly key: string;
}

export const HELPER_DOOR_FILE = 'door.json';
/** What was turned on, in the folder above the helper programs: by kind an object with its `hosts`. */
export const INTEGRATIONS_FILE = 'integrations.json';
/** The longest line either side takes, in bytes. */
export const HELPER_LINE_MAX_BYTES = 8_192;
/** What docker's own helpers say, word for word: clients compare it, and go on without a credential. */
export const DOCKER_NOT_FOUND = 'credentials not found in native keychain';

/** The person's line on what a client is not given, and why: `reason` is a sentence. */
export function remarkOf(host: string, reason: string): string {
  return `Latchkey gives nothing for ${host}. ${reason}`;
}
