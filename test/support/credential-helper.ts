import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { IntegrationKind } from '../../packages/desktop/src/ipc/integrations.js';
import type { DesktopCore } from './desktop-core.js';

interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs a program to its end in the person's home folder, with the helpers on its path and nothing of ours around it. */
export async function runAtHome(
  desktop: DesktopCore,
  command: readonly [string, ...string[]],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, {
    env: {
      HOME: desktop.homeDirectory,
      PATH: `${join(desktop.homeDirectory, '.local/bin')}:${process.env.PATH}`,
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      ...environment,
    },
  });
  // A program that reads none of it ends before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, exitCode: child.exitCode };
}

/** One of the helpers as the app put it there. */
export function runHelper(
  desktop: DesktopCore,
  client: 'docker' | 'git',
  action: string,
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const path = join(desktop.directory, 'credential-helpers', `${client}-credential-latchkey`);
  return runAtHome(desktop, [path, action], input, environment);
}

/** As the screen does it: looks at the change, then makes it. */
export async function turnOn(
  desktop: DesktopCore,
  kind: IntegrationKind,
  hosts: readonly string[],
): Promise<void> {
  const { answers } = desktop.core;
  const preview = await answers.previewIntegration({ kind, hosts });
  if (!preview.ok) throw new Error(preview.problem.message);
  const { basis } = preview.value;
  const installed = await answers.installIntegration({ kind, hosts, basis });
  if (!installed.ok) throw new Error(installed.problem.message);
}

export async function turnOff(desktop: DesktopCore, kind: IntegrationKind): Promise<void> {
  const { answers } = desktop.core;
  const preview = await answers.previewIntegration({ kind, hosts: [] });
  if (!preview.ok) throw new Error(preview.problem.message);
  const removed = await answers.removeIntegration(kind, preview.value.basis);
  if (!removed.ok) throw new Error(removed.problem.message);
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback that lets nobody in but with HTTP Basic, as a registry or a git server would. */
export class GuardedServer {
  /** What was offered, request by request: `ada:secret`, or nothing. */
  readonly offered: (string | undefined)[] = [];
  isGood: (credential: string) => boolean;
  readonly #server: Server;

  private constructor(isGood: (credential: string) => boolean, handler: Handler) {
    this.isGood = isGood;
    this.#server = createServer((request, response) => {
      const { authorization } = request.headers;
      const encoded = authorization?.replace(/^Basic /, '');
      const credential = encoded && Buffer.from(encoded, 'base64').toString();
      this.offered.push(credential);
      if (credential && this.isGood(credential)) return handler(request, response);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    });
  }

  static async start(
    isGood: (credential: string) => boolean,
    handler: Handler,
  ): Promise<GuardedServer> {
    const guarded = new GuardedServer(isGood, handler);
    guarded.#server.listen(0, '127.0.0.1');
    await once(guarded.#server, 'listening');
    return guarded;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
