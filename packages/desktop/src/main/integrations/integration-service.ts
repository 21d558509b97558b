import type { Outcome } from '../../ipc/contract.js';
import type {
  Integration,
  IntegrationChange,
  IntegrationKind,
  IntegrationPreview,
  IntegrationRequest,
} from '../../ipc/integrations.js';
import type { Problem } from '../../ipc/state.js';
import { type ConfigFile, readConfigFile, replaceConfigFile } from './config-file.js';
import type { ConfigFormat, ConfigPlaces } from './config-format.js';
import { dockerConfig } from './docker-config.js';
import { gitConfig } from './git-config.js';
import type { HelperPrograms } from './helper-programs.js';
import { parseHosts } from './hosts.js';
import type { IntegrationRecord, IntegrationRecords } from './integration-records.js';
import { lineDiff } from './line-diff.js';
import { editBetween, fingerprint, takeBack } from './text-edit.js';

const FORMATS: Readonly<Record<IntegrationKind, ConfigFormat>> = {
  DOCKER: dockerConfig,
  GIT: gitConfig,
};
const CHANGED_MEANWHILE: Problem = {
  code: 'CONFIG_CHANGED',
  message:
    'The file was changed after you were shown what would be done. Nothing was done; look at the change again.',
};

/** What stands in the file now, and what stood there before ours. */
interface Reading {
  readonly file: ConfigFile;
  /** Null where there was no file. */
  readonly base: string | null;
}

interface ServiceOptions {
  readonly places: ConfigPlaces;
  readonly programs: HelperPrograms;
  readonly records: IntegrationRecords;
  /** Where somebody is signed in; undefined where nobody is. */
  readonly serverAddress: () => string | undefined;
}

/** Turns the credential helpers on and off in docker's and git's own configuration, and back to exactly what was there. */
export class IntegrationService {
  readonly #options: ServiceOptions;
  /** One change at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** Brings the programs of what is on up to this app's version. */
  async refreshPrograms(): Promise<void> {
    const { programs, records } = this.#options;
    for (const kind of ['DOCKER', 'GIT'] as const) {
      const record = records.get(kind);
      // Where that fails, the program of before goes on.
      if (record !== undefined) await programs.put(kind, record.hosts).catch(() => undefined);
    }
  }

  async describe(kind: IntegrationKind): Promise<Integration> {
    const { programs, records } = this.#options;
    const record = records.get(kind);
    const configFile = this.#configFile(kind);
    const reading = await this.#read(kind);
    const text = reading.ok ? (reading.value.file.content ?? '') : '';
    return {
      kind,
      status: this.#status(kind, text),
      configFile,
      hosts: record?.hosts ?? [],
      serverAddress: record?.serverAddress ?? null,
      warnings: await programs.warnings(kind),
      problem: reading.ok ? null : reading.problem,
    };
  }

  async preview({ kind, hosts: typed }: IntegrationRequest): Promise<Outcome<IntegrationPreview>> {
    const { programs, records } = this.#options;
    const hosts = parseHosts(kind, typed);
    if (!hosts.ok) return hosts;
    const reading = await this.#read(kind);
    if (!reading.ok) return reading;
    const { file, base } = reading.value;
    const after = this.#textWith(kind, base, hosts.value);
    if (!after.ok) return after;
    const outline = (text: string | null) => FORMATS[kind].outline(text ?? '');
    const programStays = hosts.value.length > 0 === (records.get(kind) !== undefined);
    return {
      ok: true,
      value: {
        hosts: hosts.value,
        configFile: file.path,
        lines: lineDiff(outline(file.content), outline(after.value)),
        programFile: programStays ? null : programs.commandPath(kind),
        basis: fingerprint(file.content),
      },
    };
  }

  install(change: IntegrationChange): Promise<Outcome<Integration>> {
    return this.#inTurn(() => this.#install(change));
  }

  remove(kind: IntegrationKind, basis: string): Promise<Outcome<Integration>> {
    return this.#inTurn(() => this.#remove(kind, basis));
  }

  async #install({ kind, basis, hosts: typed }: IntegrationChange): Promise<Outcome<Integration>> {
    const { programs, records } = this.#options;
    const serverAddress = this.#options.serverAddress();
    if (serverAddress === undefined)
      return refused('SIGNED_OUT', 'Sign in first, then turn it on.');
    const hosts = parseHosts(kind, typed);
    if (!hosts.ok) return hosts;
    if (hosts.value.length === 0) return refused('ADDRESS_INVALID', 'Enter at least one host.');
    const reading = await this.#read(kind);
    if (!reading.ok) return reading;
    const { file, base } = reading.value;
    if (fingerprint(file.content) !== basis) return { ok: false, problem: CHANGED_MEANWHILE };

    const before = records.get(kind);
    const planned = this.#textWith(kind, base, hosts.value);
    if (!planned.ok) return planned;
    const after = planned.value ?? '';
    const record: IntegrationRecord = {
      serverAddress,
      hosts: [...hosts.value],
      configFile: this.#configFile(kind),
      helper: programs.helperOf(kind),
      otherHelpers: FORMATS[kind].otherHelpers(base ?? '', hosts.value),
      existed: base !== null,
      edit: editBetween(base ?? '', after),
      after: fingerprint(after),
    };
    return this.#change(kind, async () => {
      await programs.put(kind, record.hosts);
      // Before the file: what stands in it can then always be taken back.
      await records.set(kind, record);
      await replaceConfigFile(file, after).catch(async (error) => {
        await records.set(kind, before);
        throw error;
      });
    });
  }

  async #remove(kind: IntegrationKind, basis: string): Promise<Outcome<Integration>> {
    const { programs, records } = this.#options;
    const reading = await this.#read(kind);
    if (!reading.ok) return reading;
    const { file, base } = reading.value;
    if (fingerprint(file.content) !== basis) return { ok: false, problem: CHANGED_MEANWHILE };
    const planned = this.#textWith(kind, base, []);
    if (!planned.ok) return planned;
    return this.#change(kind, async () => {
      await replaceConfigFile(file, planned.value);
      await records.set(kind, undefined);
      await programs.remove(kind);
    });
  }

  async #change(kind: IntegrationKind, work: () => Promise<void>): Promise<Outcome<Integration>> {
    try {
      await work();
    } catch (error) {
      return refused('CONFIG_UNWRITABLE', `It was not changed: ${(error as Error).message}`);
    }
    return { ok: true, value: await this.describe(kind) };
  }

  /** The file of the change that stands, so that it can be taken back where the environment names another now. */
  #configFile(kind: IntegrationKind): string {
    const { places, records } = this.#options;
    return records.get(kind)?.configFile ?? FORMATS[kind].locate(places);
  }

  async #read(kind: IntegrationKind): Promise<Outcome<Reading>> {
    const path = this.#configFile(kind);
    try {
      const file = await readConfigFile(path);
      const text = file.content ?? '';
      const objection = await FORMATS[kind].objection(text);
      if (objection === undefined)
        return { ok: true, value: { file, base: this.#base(kind, file) } };
      return refused('CONFIG_MALFORMED', `${path} was left as it is. ${objection}`);
    } catch (error) {
      return refused('CONFIG_UNREADABLE', `${path} cannot be read: ${(error as Error).message}`);
    }
  }

  /** The content without ours: as it was where nobody changed it since, else with our entries alone taken out. */
  #base(kind: IntegrationKind, { content }: ConfigFile): string | null {
    const record = this.#options.records.get(kind);
    if (content === null) return null;
    if (record !== undefined && fingerprint(content) === record.after) {
      return record.existed ? takeBack(content, record.edit) : null;
    }
    return FORMATS[kind].withoutHelper(content, this.#helper(kind), record?.otherHelpers ?? {});
  }

  /** The helper as the file names it, which an earlier run may have put elsewhere. */
  #helper(kind: IntegrationKind): string {
    const { programs, records } = this.#options;
    return records.get(kind)?.helper ?? programs.helperOf(kind);
  }

  /** What the file is to hold. Refused where the program would not read it as meant. */
  #textWith(
    kind: IntegrationKind,
    base: string | null,
    hosts: readonly string[],
  ): Outcome<string | null> {
    const path = this.#configFile(kind);
    if (hosts.length === 0) {
      // The program goes next, and what still names it would then fail.
      return FORMATS[kind].names(base ?? '', this.#helper(kind))
        ? refused(
            'CONFIG_MALFORMED',
            `${path} names Latchkey’s helper in a way that this app did not write. Take it out of the file, then turn it off.`,
          )
        : { ok: true, value: base };
    }
    const helper = this.#options.programs.helperOf(kind);
    const after = FORMATS[kind].withHosts(base ?? '', hosts, helper);
    return FORMATS[kind].holds(after, hosts, helper)
      ? { ok: true, value: after }
      : refused('CONFIG_MALFORMED', `${path} was left as it is. Entries cannot be added to it.`);
  }

  /** Off is only what the file does not name. */
  #status(kind: IntegrationKind, text: string): Integration['status'] {
    const record = this.#options.records.get(kind);
    if (record === undefined) {
      return FORMATS[kind].names(text, this.#helper(kind)) ? 'CHANGED' : 'OFF';
    }
    return FORMATS[kind].holds(text, record.hosts, record.helper) ? 'ON' : 'CHANGED';
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function refused(code: string, message: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code, message } };
}
