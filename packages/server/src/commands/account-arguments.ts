import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

/** What a command about an account was given. */
export interface AccountArguments {
  /** The words, the username first. */
  readonly words: readonly string[];
  /** What stood on standard input; undefined where the command is to make one. */
  readonly password: string | undefined;
}

/**
 * Reads the process's arguments: the username, what else the command takes, and `--password-stdin`. A password is no
 * argument: every user of the machine could read it.
 * @param usage such as `npm run reset-password -- USERNAME`.
 * @throws Error that says how the command is called
 */
export async function readAccountArguments(usage: string, most = 1): Promise<AccountArguments> {
  const options = { 'password-stdin': { type: 'boolean' } } as const;
  const { positionals: words, values } = parseArgs({ options, allowPositionals: true });
  if (words.length < 1 || words.length > most) throw new Error(`Name the account: ${usage}`);
  if (values['password-stdin'] !== true) return { words, password: undefined };
  const line = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (line === '') throw new Error('--password-stdin: there is no password on standard input.');
  return { words, password: line };
}
