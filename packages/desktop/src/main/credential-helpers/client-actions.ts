import { z } from 'zod';
import { parseGitAttributes } from '../../ipc/git-attributes.js';
import {
  DOCKER_NO_SERVER,
  DOCKER_NOT_FOUND,
  done,
  failed,
  type HelperReply,
} from '../../ipc/helper-contract.js';
import type { HelperAnswers } from './helper-answers.js';

type Action = (answers: HelperAnswers, input: string) => Promise<HelperReply>;

const NOT_TURNED_ON =
  'Latchkey keeps no credentials, and this registry is not turned on in the app';

const typedSchema = z.object({
  ServerURL: z.string().trim().catch(''),
  Username: z.string().trim().catch(''),
});

/** docker's credential helper protocol; errors are on standard output too, in the words that clients compare. */
const dockerActions = {
  async 'docker get'(answers: HelperAnswers, input: string): Promise<HelperReply> {
    const server = input.trim();
    const { credential, remark } = await answers.giveDocker(server);
    if (credential === undefined) return failed(DOCKER_NOT_FOUND, remark);
    const { username, secret } = credential;
    return done(JSON.stringify({ ServerURL: server, Username: username, Secret: secret }));
  },

  /** Takes what was typed at `docker login` and keeps nothing: the session's token is what docker gets. */
  async 'docker store'(answers: HelperAnswers, input: string): Promise<HelperReply> {
    const typed = parseTyped(input);
    if (typed === undefined) return failed('the credential is not JSON');
    if (typed.ServerURL === '') return failed(DOCKER_NO_SERVER);
    if (typed.Username === '') return failed('no credentials username');
    const remark = await answers.letGo(typed.ServerURL, typed.Username);
    return remark === undefined ? failed(NOT_TURNED_ON) : done('', remark);
  },

  async 'docker list'(answers: HelperAnswers): Promise<HelperReply> {
    return done(JSON.stringify(await answers.listDocker()));
  },
};

/** git's credential helper protocol: no answer is an empty one, and never a failure. */
const gitActions = {
  async 'git get'(answers: HelperAnswers, input: string): Promise<HelperReply> {
    const { asked, username } = parseAsked(input);
    if (asked === undefined) return done();
    const { credential, remark } = await answers.giveGit(asked, username);
    if (credential === undefined) return done('', remark);
    const lines = [
      `username=${credential.username}`,
      `password=${credential.secret}`,
      `password_expiry_utc=${credential.expiresAtSeconds}`,
    ];
    return done(lines.join('\n'));
  },

  async 'git erase'(answers: HelperAnswers, input: string): Promise<HelperReply> {
    const { asked } = parseAsked(input);
    if (asked !== undefined) answers.doubtGit(asked);
    return done();
  },
};

/** By client and action: from what the client wrote to what it is to read. */
const ACTIONS: Readonly<Record<string, Action>> = { ...dockerActions, ...gitActions };

/** Undefined for an action that no helper asks for. */
export async function perform(
  answers: HelperAnswers,
  action: string,
  input: string,
): Promise<HelperReply | undefined> {
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action]?.(answers, input) : undefined;
}

function parseTyped(text: string) {
  try {
    return typedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function parseAsked(input: string) {
  const attributes = parseGitAttributes(input);
  const protocol = attributes.get('protocol');
  const host = attributes.get('host');
  const asked = protocol === undefined || host === undefined ? undefined : { protocol, host };
  return { asked, username: attributes.get('username') };
}
