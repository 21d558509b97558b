import type { HelperReply } from '../../ipc/helper-contract.js';
import { dockerActions } from './docker-actions.js';
import { gitActions } from './git-actions.js';
import type { HelperAnswers } from './helper-answers.js';

type Action = (answers: HelperAnswers, input: string) => Promise<HelperReply>;

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
