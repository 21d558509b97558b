import { parseGitAttributes } from '../../ipc/git-attributes.js';
import { done, type HelperReply } from '../../ipc/helper-contract.js';
import type { HelperAnswers } from './helper-answers.js';

/** git's credential helper protocol: no answer is an empty one, and never a failure. */
export const gitActions = {
  async 'git get'(answers: HelperAnswers, input: string): Promise<HelperReply> {
    const { asked, username } = parse(input);
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
    const { asked } = parse(input);
    if (asked !== undefined) answers.doubtGit(asked);
    return done();
  },
};

function parse(input: string) {
  const attributes = parseGitAttributes(input);
  const protocol = attributes.get('protocol');
  const host = attributes.get('host');
  const asked = protocol === undefined || host === undefined ? undefined : { protocol, host };
  return { asked, username: attributes.get('username') };
}
