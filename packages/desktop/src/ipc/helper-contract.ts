/** What a credential helper prints and ends with, word for word: the app says it, and the helper repeats it. */
export interface HelperReply {
  readonly exitCode: 0 | 1;
  /** For the person, on one line of standard error; empty where there is nothing to say. */
  readonly remark: string;
  /** For the client, on standard output, without the last line's end. */
  readonly output: string;
}

/** Names what a helper was started for, such as `docker get`; what it was given is the request's body. */
export const HELPER_ACTION_HEADER = 'Latchkey-Action';
/** What was turned on, in the folder above the helper programs: by kind an object with its `hosts`. */
export const INTEGRATIONS_FILE = 'integrations.json';
/** The most that the app takes of what a client wrote; docker's secrets may be long. */
export const HELPER_INPUT_MAX_BYTES = 65_536;
/** The most that a helper reads. git repeats whole headers of the server, and its helper passes on what the app needs. */
export const CLIENT_INPUT_MAX_BYTES = 524_288;
export const INPUT_TOO_LONG = 'The request is too long.';
/** The most that a helper takes of an answer. */
export const HELPER_ANSWER_MAX_BYTES = 65_536;
/** What docker's own helpers say, word for word: clients compare it, and go on without a credential. */
export const DOCKER_NOT_FOUND = 'credentials not found in native keychain';
/** As theirs too. */
export const DOCKER_NO_SERVER = 'no credentials server URL';

export function done(output = '', remark = ''): HelperReply {
  return { exitCode: 0, remark, output };
}

export function failed(output: string, remark = ''): HelperReply {
  return { exitCode: 1, remark, output };
}

/** The person's line on what a client is not given, and why: `reason` is a sentence. */
export function remarkOf(host: string, reason: string): string {
  return `Latchkey gives nothing for ${host}. ${reason}`;
}

/** As the app's answer has it: the exit code and the remark on the first line, then the output. */
export function writeReply({ exitCode, remark, output }: HelperReply): string {
  return `${exitCode} ${remark}\n${output}`;
}

/** Undefined where `text` is no reply. */
export function readReply(text: string): HelperReply | undefined {
  const [, exitCode, remark = '', output = ''] = /^([01]) ([^\n]*)\n(.*)$/s.exec(text) ?? [];
  return exitCode === undefined
    ? undefined
    : { exitCode: exitCode === '0' ? 0 : 1, remark, output };
}
