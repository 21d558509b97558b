import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import { textEditSchema } from './text-edit.js';

/** What was turned on, and how to take it back. It holds the change and none of the file around it. */
const recordSchema = z.object({
  /** The Latchkey server whose account it is for. */
  serverAddress: z.string(),
  hosts: z.array(z.string()),
  configFile: z.string(),
  helper: z.string(),
  /** What the hosts' helpers were before. */
  otherHelpers: z.record(z.string(), z.string().nullable()),
  existed: z.boolean(),
  edit: textEditSchema,
  /** Fingerprint of the file with the change made. */
  after: z.string(),
});
export type IntegrationRecord = z.infer<typeof recordSchema>;

const recordsSchema = z.partialRecord(z.enum(['DOCKER', 'GIT']), recordSchema);

/** A small JSON file without secrets. */
export class IntegrationRecords {
  readonly #path: string;
  #records: Readonly<Partial<Record<IntegrationKind, IntegrationRecord>>>;

  constructor(path: string) {
    this.#path = path;
    this.#records = readRecords(path);
  }

  get(kind: IntegrationKind): IntegrationRecord | undefined {
    return this.#records[kind];
  }

  /** Undefined forgets it. */
  async set(kind: IntegrationKind, record: IntegrationRecord | undefined): Promise<void> {
    const { [kind]: _, ...others } = this.#records;
    const records = record === undefined ? others : { ...others, [kind]: record };
    await writeAtomically(this.#path, `${JSON.stringify(records, undefined, 2)}\n`);
    this.#records = records;
  }
}

function readRecords(path: string): Partial<Record<IntegrationKind, IntegrationRecord>> {
  try {
    const parsed = recordsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success
      ? (parsed.data as Partial<Record<IntegrationKind, IntegrationRecord>>)
      : {};
  } catch {
    return {};
  }
}
