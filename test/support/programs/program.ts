import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { until } from '../until.js';

const START_LIMIT_MS = 20_000;

/** A program that a test runs, stops hard, and runs again. */
export class Program implements AsyncDisposable {
  #process: ChildProcess | undefined;
  #output = '';

  constructor(
    private readonly command: string,
    private readonly args: readonly string[],
    /** Resolves once the program answers; rejects while it does not. */
    private readonly probe: () => Promise<unknown>,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  async start(): Promise<void> {
    const child = spawn(this.command, this.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.env },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk).slice(-20_000);
      });
    }
    const until = Date.now() + START_LIMIT_MS;
    for (;;) {
      try {
        await this.probe();
        return;
      } catch (error) {
        if (child.exitCode !== null || Date.now() > until) {
          throw new Error(`${this.command} did not start: ${this.#output}`, { cause: error });
        }
        await setTimeout(20);
      }
    }
  }

  /** The end of what it printed. */
  get output(): string {
    return this.#output;
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.kill(name);
  }

  /** Stops every thread of it, so that it answers nobody until it gets SIGCONT. */
  async pause(): Promise<void> {
    const pid = this.#process?.pid;
    this.signal('SIGSTOP');
    // One thread takes the signal and has the others stop. On a busy machine that is a while, in which they go on.
    await until('it is paused', START_LIMIT_MS, () =>
      statesOf(pid).every((state) => state === 'T'),
    );
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to stop. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

/** Of the process's threads, by `proc_pid_stat(5)`; the field before is a name in brackets. */
function statesOf(pid: number | undefined): (string | undefined)[] {
  const threads = `/proc/${pid}/task`;
  return readdirSync(threads).map((thread) => {
    const line = readFileSync(`${threads}/${thread}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2)[0];
  });
}
