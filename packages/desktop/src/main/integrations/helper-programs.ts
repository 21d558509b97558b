import { existsSync, readFileSync } from 'node:fs';
import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import type { ConfigPlaces } from './config-format.js';
import { gitHelperOf } from './git-config.js';
import { launcherOf, nodeNamedIn } from './helper-launcher.js';

const IS_WINDOWS = process.platform === 'win32';

interface ProgramPlaces extends ConfigPlaces {
  /** Where the app brings its built helpers. */
  readonly programsDirectory: string;
}

/**
 * Puts the helper programs where docker and git find them. Each lies in the app's own folder, beside the door's file and
 * its launcher; docker looks for its helper on the path, so a link to that goes to the folder for a person's own commands.
 */
export class HelperPrograms {
  readonly #places: ProgramPlaces;
  readonly #folder: string;

  constructor(places: ProgramPlaces, folder: string) {
    this.#places = places;
    this.#folder = folder;
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
  async put(kind: IntegrationKind): Promise<void> {
    const name = `${programName(kind)}.cjs`;
    const content = await readFile(join(this.#places.programsDirectory, name));
    const program = this.#programPath(kind);
    await writeAtomically(program, content, { mode: 0o700 });
    if (!IS_WINDOWS) {
      const launcher = launcherOf(kind, program, this.#findNode(kind));
      await writeAtomically(this.#startPath(kind), launcher, { mode: 0o700 });
    }
    if (kind === 'DOCKER') await this.#link(this.#startPath(kind));
  }

  async remove(kind: IntegrationKind): Promise<void> {
    if (kind === 'DOCKER' && (await this.#isOurLink())) await rm(this.#linkPath, { force: true });
    await rm(this.#startPath(kind), { force: true });
    await rm(this.#programPath(kind), { force: true });
  }

  /** What would keep a client from starting its helper, as sentences. */
  warnings(kind: IntegrationKind): readonly string[] {
    const warnings: string[] = [];
    if (this.#findNode(kind) === undefined) {
      warnings.push('The helper runs on Node.js, and this app finds no node on its path.');
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

  /** On this app's path; else the launcher's, since the app is not always started with the path it was turned on with. */
  #findNode(kind: IntegrationKind): string | undefined {
    const name = IS_WINDOWS ? 'node.exe' : 'node';
    const found = this.#pathFolders.map((folder) => join(folder, name)).find(existsSync);
    if (found !== undefined || IS_WINDOWS) return found;
    const launcher = this.#startPath(kind);
    const named = existsSync(launcher) ? nodeNamedIn(readFileSync(launcher, 'utf8')) : undefined;
    return named !== undefined && existsSync(named) ? named : undefined;
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
