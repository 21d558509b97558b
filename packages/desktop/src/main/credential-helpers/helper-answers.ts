import type { HelperAnswer, HelperQuestion } from '../../ipc/helper-contract.js';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { gitOriginOf, registryHostOf } from '../integrations/hosts.js';
import type { SessionCredentialSource } from './session-credential.js';

const NONE: HelperAnswer = { answer: 'NONE' };

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
    if (!this.#isOn(kind, host)) return NONE;
    const credential = await this.#current(kind);
    if (credential === undefined) return NONE;
    if (username !== undefined && username !== '' && username !== credential.username) return NONE;
    const { serverAddress: _, ...rest } = credential;
    return { answer: 'CREDENTIAL', ...rest };
  }

  async #list(): Promise<HelperAnswer> {
    const hosts = this.#turnedOn('DOCKER')?.hosts ?? [];
    const credential = hosts.length > 0 ? await this.#current('DOCKER') : undefined;
    const servers =
      credential === undefined
        ? {}
        : Object.fromEntries(hosts.map((host) => [host, credential.username]));
    return { answer: 'SERVERS', servers };
  }

  async #store(server: string, username: string): Promise<HelperAnswer> {
    if (!this.#isOn('DOCKER', registryHostOf(server))) return NONE;
    const credential = await this.#current('DOCKER');
    if (credential === undefined) {
      return { answer: 'DONE', remark: 'Latchkey is signed out, and what was typed is not kept.' };
    }
    if (credential.username === username) return { answer: 'DONE' };
    return {
      answer: 'DONE',
      remark: `What was typed is not kept: Latchkey gives docker the token of ${credential.username} for this registry.`,
    };
  }

  async #erase(origin: string | undefined): Promise<HelperAnswer> {
    if (this.#isOn('GIT', origin)) this.#credentials.doubt();
    return { answer: 'DONE' };
  }

  #isOn(kind: IntegrationKind, host: string | undefined): boolean {
    return host !== undefined && (this.#turnedOn(kind)?.hosts.includes(host) ?? false);
  }

  /** A host is turned on for one server's account: signed in elsewhere, that account's token is not for it. */
  async #current(kind: IntegrationKind) {
    const credential = await this.#credentials.current();
    const isMeant = credential?.serverAddress === this.#turnedOn(kind)?.serverAddress;
    // Helpers write lines: a name that brings its own would write into them.
    return isMeant && !/[\u0000-\u001f\u007f]/.test(credential?.username ?? '')
      ? credential
      : undefined;
  }
}
