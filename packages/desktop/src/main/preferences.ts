import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from './secrets/atomic-file.js';

const preferencesSchema = z.object({
  /** Names this installation to the server, for as long as it lives. */
  deviceId: z.uuid(),
  serverAddress: z.string().nullable().catch(null),
  username: z.string().nullable().catch(null),
});
type PreferenceValues = z.infer<typeof preferencesSchema>;

/** What is worth keeping and is no secret: a small JSON file. */
export class Preferences {
  readonly #path: string;
  #values: PreferenceValues;
  #turn: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
    this.#values = readPreferences(path) ?? {
      deviceId: randomUUID(),
      serverAddress: null,
      username: null,
    };
  }

  get values(): PreferenceValues {
    return this.#values;
  }

  change(patch: Partial<Omit<PreferenceValues, 'deviceId'>>): Promise<void> {
    this.#values = { ...this.#values, ...patch };
    const content = `${JSON.stringify(this.#values, undefined, 2)}\n`;
    this.#turn = this.#turn.catch(() => undefined).then(() => writeAtomically(this.#path, content));
    return this.#turn;
  }
}

function readPreferences(path: string): PreferenceValues | undefined {
  try {
    const parsed = preferencesSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
