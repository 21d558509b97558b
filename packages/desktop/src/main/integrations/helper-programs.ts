import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import type { ConfigPlaces } from './config-format.js';
import { gitHelperOf } from './git-config.js';
import { helperScriptOf, programNamedIn } from './helper-script.js';

const IS_WINDOWS = process.platform === 'win32';
const CURL_MS = 5_000;
const run = promisify(execFile);

interface ProgramPlaces extends ConfigPlaces {
  /** Where the app brings its built helpers. */
  readonly programsDirectory: string;
}

/**
 * Puts the helper programs where docker and git find them. Each is a script in the app's own folder, beside the endpoint's file
 * and the program for Node.js that does the same where there is no curl, as on Windows. docker looks for its helper on the
 * path, so a link to the script goes to the folder for a person's own commands.
 */
export class HelperPrograms {
  readonly #places: ProgramPlaces;
  readonly #folder: string;
  readonly #version: string;

  constructor(places: ProgramPlaces, folder: string, version: string) {
    this.#places = places;
    this.#folder = folder;
    this.#version = version;
  }

  /** The program as the client's configuration names it. */
  helperOf(kind: IntegrationKind): string {
    return kind === 'DOCKER' ? 'latchkey' : gitHelperOf(this.#startPath(kind));
  }

  /** What the client starts. */
  commandPath(kind: IntegrationKind): string {
    return kind === 'DOCKER' ? this.#linkPath : this.#startPath(kind);
  }

  /** Throws where another program stands in the link's place. */
  async put(kind: IntegrationKind, hosts: readonly string[]): Promise<void> {
    const name = programName(kind);
    const content = await readFile(join(this.#places.programsDirectory, `${name}.cjs`));
    await writeAtomically(this.#programPath(kind), content, { mode: 0o700 });
    if (!IS_WINDOWS) {
      const script = helperScriptOf(kind, {
        name,
        version: this.#version,
        folder: this.#folder,
        curl: await this.#findCurl(kind),
        node: this.#findNode(kind),
        hosts,
      });
      await writeAtomically(this.#startPath(kind), script, { mode: 0o700 });
    }
    if (kind === 'DOCKER') await this.#link(this.#startPath(kind));
  }

  async remove(kind: IntegrationKind): Promise<void> {
    if (kind === 'DOCKER' && (await this.#isOurLink())) await rm(this.#linkPath, { force: true });
    await rm(this.#startPath(kind), { force: true });
    await rm(this.#programPath(kind), { force: true });
  }

  /** What would keep a client from starting its helper, as sentences. */
  async warnings(kind: IntegrationKind): Promise<readonly string[]> {
    const warnings: string[] = [];
    if (this.#findNode(kind) === undefined && (await this.#findCurl(kind)) === undefined) {
      warnings.push(
        IS_WINDOWS
          ? 'The helper runs on Node.js, and this app finds no node on its path.'
          : 'The helper runs on curl or on Node.js, and this app finds neither on its path.',
      );
    }
    if (kind === 'DOCKER' && !this.#pathFolders.includes(dirname(this.#linkPath))) {
      warnings.push(
        `docker looks for its helper on the path. Add ${dirname(this.#linkPath)} to it where your shell has not.`,
      );
    }
    return warnings;
  }

  get #linkPath(): string {
    const { homeDirectory } = this.#places;
    const name = programName('DOCKER');
    return IS_WINDOWS
      ? join(this.#folder, 'bin', `${name}.cmd`)
      : join(homeDirectory, '.local', 'bin', name);
  }

  #programPath(kind: IntegrationKind): string {
    return join(this.#folder, `${programName(kind)}.cjs`);
  }

  #startPath(kind: IntegrationKind): string {
    return IS_WINDOWS ? this.#programPath(kind) : join(this.#folder, programName(kind));
  }

  get #pathFolders(): readonly string[] {
    return (this.#places.environment.PATH ?? '').split(delimiter).filter(isAbsolute);
  }

  /** One that speaks to sockets; none on Windows, whose pipes are beyond it. */
  async #findCurl(kind: IntegrationKind): Promise<string | undefined> {
    if (IS_WINDOWS) return undefined;
    for (const path of this.#candidates(kind, 'curl')) {
      const said = await run(path, ['-q', '--version'], { timeout: CURL_MS }).catch(
        () => undefined,
      );
      if (said !== undefined && / UnixSockets\b/.test(said.stdout)) return path;
    }
    return undefined;
  }

  #findNode(kind: IntegrationKind): string | undefined {
    return this.#candidates(kind, 'node')[0];
  }

  /** On this app's path; then the script's, since the app is not always started with the path it was turned on with. */
  #candidates(kind: IntegrationKind, name: 'curl' | 'node'): readonly string[] {
    const file = IS_WINDOWS ? `${name}.exe` : name;
    const paths = this.#pathFolders.map((folder) => join(folder, file));
    const script = this.#startPath(kind);
    if (!IS_WINDOWS && existsSync(script)) {
      paths.push(programNamedIn(readFileSync(script, 'utf8'), name) ?? '');
    }
    return paths.filter(existsSync);
  }

  async #link(target: string): Promise<void> {
    const path = this.#linkPath;
    await mkdir(dirname(path), { recursive: true });
    // Links need a privilege there.
    if (IS_WINDOWS) return writeFile(path, `@node "${target}" %*\r\n`);
    if (await this.#isOurLink()) return;
    const inTheWay = await lstat(path).catch(() => undefined);
    if (inTheWay !== undefined) throw new Error(`${path} is another program.`);
    await symlink(target, path);
  }

  async #isOurLink(): Promise<boolean> {
    if (IS_WINDOWS) return existsSync(this.#linkPath);
    const target = await readlink(this.#linkPath).catch(() => undefined);
    return target === this.#startPath('DOCKER');
  }
}

function programName(kind: IntegrationKind): string {
  return `${kind === 'DOCKER' ? 'docker' : 'git'}-credential-latchkey`;
}
