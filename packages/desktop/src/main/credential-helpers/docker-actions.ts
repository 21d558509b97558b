import { z } from 'zod';
import {
  DOCKER_NO_SERVER,
  DOCKER_NOT_FOUND,
  done,
  failed,
  type HelperReply,
} from '../../ipc/helper-contract.js';
import type { HelperAnswers } from './helper-answers.js';

const NOT_TURNED_ON =
  'Latchkey keeps no credentials, and this registry is not turned on in the app';

const typedSchema = z.object({
  ServerURL: z.string().trim().catch(''),
  Username: z.string().trim().catch(''),
});

/** docker's credential helper protocol; errors are on standard output too, in the words that clients compare. */
export const dockerActions = {
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

function parseTyped(text: string) {
  try {
    return typedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
