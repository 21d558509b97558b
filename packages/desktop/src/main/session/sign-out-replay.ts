import { backoffMs } from '@latchkey/shared';
import { z } from 'zod';
import { isSessionOver } from '../../ipc/session-rules.js';
import type { Clock } from '../clock.js';
import type { HttpTransport } from '../graphql/http-transport.js';
import type { SecretFile } from '../secrets/secret-file.js';
import { ask } from './ask.js';
import { SIGN_OUT } from './session-operations.js';

export const pendingSignOutsSchema = z.array(
  z.object({ serverAddress: z.string(), sessionSecret: z.string(), expiresAt: z.string() }),
);
export type PendingSignOut = z.infer<typeof pendingSignOutsSchema>[number];

/** Sign-outs that the person has done and a server has yet to hear of; they are sent until it has. */
export class SignOutReplay {
  readonly #file: SecretFile<PendingSignOut[]>;
  readonly #transport: HttpTransport;
  readonly #clock: Clock;
  readonly #onCount: (count: number) => void;
  #pending: PendingSignOut[] = [];
  #running: Promise<void> | undefined;
  #attempt = 0;
  #cancelRetry: () => void = () => undefined;

  constructor(
    file: SecretFile<PendingSignOut[]>,
    transport: HttpTransport,
    clock: Clock,
    onCount: (count: number) => void,
  ) {
    this.#file = file;
    this.#transport = transport;
    this.#clock = clock;
    this.#onCount = onCount;
  }

  /** Takes up what an earlier run could not send. */
  async start(): Promise<void> {
    this.#pending = (await this.#file.read()) ?? [];
    this.#onCount(this.#pending.length);
    void this.run();
  }

  /** Keeps the sign-out safe first; the sending goes on by itself. */
  async add(signOut: PendingSignOut): Promise<void> {
    this.#pending = [...this.#pending, signOut];
    this.#onCount(this.#pending.length);
    await this.#save();
    void this.run();
  }

  /** Sends what is pending, now; what fails is tried again later. Never throws. */
  run(): Promise<void> {
    this.#cancelRetry();
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#cancelRetry();
    await this.#file.settled();
  }

  async #sendAll(): Promise<void> {
    const tried = new Set<PendingSignOut>();
    for (;;) {
      const next = this.#pending.find((signOut) => !tried.has(signOut));
      if (next === undefined) break;
      tried.add(next);
      if (await this.#isOver(next)) await this.#drop(next);
    }
    if (this.#pending.length === 0) {
      this.#attempt = 0;
      return;
    }
    this.#cancelRetry = this.#clock.after(backoffMs(this.#attempt++), () => void this.run());
  }

  async #isOver(signOut: PendingSignOut): Promise<boolean> {
    if (Date.parse(signOut.expiresAt) <= this.#clock.now()) return true;
    const { serverAddress, sessionSecret } = signOut;
    const answer = await ask(this.#transport, serverAddress, sessionSecret, SIGN_OUT);
    return answer.ok || isSessionOver(answer.problem.code);
  }

  async #drop(signOut: PendingSignOut): Promise<void> {
    this.#pending = this.#pending.filter((other) => other !== signOut);
    this.#onCount(this.#pending.length);
    await this.#save();
  }

  async #save(): Promise<void> {
    try {
      if (this.#pending.length === 0) await this.#file.clear();
      else await this.#file.write(this.#pending);
    } catch {
      // A full disk or a locked keychain: what is pending is sent from memory.
    }
  }
}
