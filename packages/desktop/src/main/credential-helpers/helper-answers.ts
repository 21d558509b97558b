import { sameRegistry } from '../../ipc/asked-host.js';
import { remarkOf } from '../../ipc/helper-contract.js';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { gitOriginOf } from '../integrations/hosts.js';
import type { Given, SessionCredential, SessionCredentialSource } from './session-credential.js';

/** With what is around it, it has to fit into an answer that a helper takes. */
const REASON_MAX_CHARACTERS = 600;

interface TurnedOn {
  readonly serverAddress: string;
  readonly hosts: readonly string[];
}

/** As git asks; `host` has the port where the address has one. */
interface GitAsked {
  readonly protocol: string;
  readonly host: string;
}

/** `remark` says why there is none, on one line for the person, where the host was turned on. */
interface Answer {
  readonly credential?: SessionCredential;
  readonly remark?: string;
}

/** Answers what helpers ask: for hosts that the person turned on, with the session they were turned on for. */
export class HelperAnswers {
  readonly #credentials: SessionCredentialSource;
  readonly #turnedOn: (kind: IntegrationKind) => TurnedOn | undefined;

  constructor(
    credentials: SessionCredentialSource,
    turnedOn: (kind: IntegrationKind) => TurnedOn | undefined,
  ) {
    this.#credentials = credentials;
    this.#turnedOn = turnedOn;
  }

  /** `server` as docker gives it: `registry.example.com:5000`, or with a scheme. */
  giveDocker(server: string): Promise<Answer> {
    return this.#give('DOCKER', sameRegistry(server));
  }

  /** `username` where git wants that one's credential and no other. */
  giveGit(asked: GitAsked, username: string | undefined): Promise<Answer> {
    return this.#give('GIT', gitOriginOf(asked), username);
  }

  /** Server to username. */
  async listDocker(): Promise<Readonly<Record<string, string>>> {
    const hosts = this.#turnedOn('DOCKER')?.hosts ?? [];
    const current = await this.#current('DOCKER');
    if (!current.ok) return {};
    return Object.fromEntries(hosts.map((host) => [host, current.credential.username]));
  }

  /** What the person is told where a typed credential is let go; undefined where that registry is not turned on. */
  async letGo(server: string, username: string): Promise<string | undefined> {
    const host = sameRegistry(server);
    if (host === undefined || !this.#isOn('DOCKER', host)) return undefined;
    const current = await this.#current('DOCKER');
    if (current.ok && isSameUsername(current.credential.username, username)) return '';
    const remark = current.ok
      ? `Latchkey gives docker the token of ${current.credential.username} for this registry.`
      : remarkOf(host, current.reason);
    return `What was typed is not kept: ${remark}`;
  }

  /** A git server refused the token. */
  doubtGit(asked: GitAsked): void {
    if (this.#isOn('GIT', gitOriginOf(asked))) this.#credentials.doubt();
  }

  async #give(kind: IntegrationKind, host: string | undefined, username = ''): Promise<Answer> {
    if (host === undefined || !this.#isOn(kind, host)) return {};
    const current = await this.#current(kind);
    if (!current.ok) return { remark: remarkOf(host, current.reason) };
    const { credential } = current;
    return username === '' || isSameUsername(username, credential.username) ? { credential } : {};
  }

  #isOn(kind: IntegrationKind, host: string | undefined): boolean {
    if (host === undefined) return false;
    const hosts = this.#turnedOn(kind)?.hosts ?? [];
    return hosts.some((on) => (kind === 'DOCKER' ? sameRegistry(on) : on) === host);
  }

  /** A host is turned on for one server's account: signed in elsewhere, that account's token is not for it. */
  async #current(kind: IntegrationKind): Promise<Given> {
    const current = await this.#credentials.current();
    if (!current.ok) return { ok: false, reason: oneLine(current.reason) };
    const { serverAddress, username } = current.credential;
    const meant = this.#turnedOn(kind)?.serverAddress;
    if (serverAddress !== meant) {
      const reason = `It was turned on for ${meant}, and you are signed in at ${serverAddress}.`;
      return { ok: false, reason };
    }
    // Helpers write lines: a name that brings its own would write into them.
    return /[\u0000-\u001f\u007f]/.test(username)
      ? { ok: false, reason: 'The account’s name has characters that end a line.' }
      : current;
  }
}

/** The server takes a username in any letter case. */
function isSameUsername(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Reasons come from the server too, and terminals do what they are told by what is no text. */
function oneLine(reason: string): string {
  return reason.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, REASON_MAX_CHARACTERS);
}
