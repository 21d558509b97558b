import { type HelperAnswer, type HelperQuestion, remarkOf } from '../../ipc/helper-contract.js';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { gitOriginOf, registryHostOf } from '../integrations/hosts.js';
import type { Given, SessionCredentialSource } from './session-credential.js';

const NONE: HelperAnswer = { answer: 'NONE' };
/** With what is around it, it has to fit into a line that a helper takes. */
const REASON_MAX_CHARACTERS = 600;

interface TurnedOn {
  readonly serverAddress: string;
  readonly hosts: readonly string[];
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

  answer(question: HelperQuestion): Promise<HelperAnswer> {
    switch (question.ask) {
      case 'DOCKER_GET':
        return this.#give('DOCKER', registryHostOf(question.server));
      case 'DOCKER_LIST':
        return this.#list();
      case 'DOCKER_STORE':
        return this.#store(question.server, question.username);
      case 'GIT_GET':
        return this.#give('GIT', gitOriginOf(question), question.username);
      case 'GIT_ERASE':
        return this.#erase(gitOriginOf(question));
    }
  }

  /** `username` where the program wants that one's credential and no other. */
  async #give(
    kind: IntegrationKind,
    host: string | undefined,
    username?: string,
  ): Promise<HelperAnswer> {
    if (host === undefined || !this.#isOn(kind, host)) return NONE;
    const current = await this.#current(kind);
    if (!current.ok) return { answer: 'NONE', remark: remarkOf(host, current.reason) };
    const { credential } = current;
    if (username !== undefined && username !== '' && username !== credential.username) return NONE;
    const { serverAddress: _, ...rest } = credential;
    return { answer: 'CREDENTIAL', ...rest };
  }

  async #list(): Promise<HelperAnswer> {
    const hosts = this.#turnedOn('DOCKER')?.hosts ?? [];
    const current = await this.#current('DOCKER');
    if (!current.ok) return { answer: 'SERVERS', servers: {} };
    const servers = Object.fromEntries(hosts.map((host) => [host, current.credential.username]));
    return { answer: 'SERVERS', servers };
  }

  async #store(server: string, username: string): Promise<HelperAnswer> {
    const host = registryHostOf(server);
    if (host === undefined || !this.#isOn('DOCKER', host)) return NONE;
    const current = await this.#current('DOCKER');
    if (current.ok && current.credential.username === username) return { answer: 'DONE' };
    const remark = current.ok
      ? `Latchkey gives docker the token of ${current.credential.username} for this registry.`
      : remarkOf(host, current.reason);
    return { answer: 'DONE', remark: `What was typed is not kept: ${remark}` };
  }

  async #erase(origin: string | undefined): Promise<HelperAnswer> {
    if (this.#isOn('GIT', origin)) this.#credentials.doubt();
    return { answer: 'DONE' };
  }

  #isOn(kind: IntegrationKind, host: string | undefined): boolean {
    return host !== undefined && (this.#turnedOn(kind)?.hosts.includes(host) ?? false);
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

/** Reasons come from the server too, and terminals do what they are told by what is no text. */
function oneLine(reason: string): string {
  return reason.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, REASON_MAX_CHARACTERS);
}
