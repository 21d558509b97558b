import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { IntegrationKind } from '../../ipc/integrations.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import type { ConfigPlaces } from './config-format.js';
import { gitHelperOf } from './git-config.js';

interface ProgramPlaces extends ConfigPlaces {
  /** Where the app brings its built helpers. */
  readonly programsDirectory: string;
}

/**
 * Puts the helper programs where docker and git find them. Each lies in the app's own folder, beside the door's file;
 * docker looks for its helper on the path, so a link to it goes to the folder for a person's own commands.
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
    return kind === 'DOCKER' ? 'latchkey' : gitHelperOf(this.#programPath(kind));
  }

  /** What the client starts. */
  commandPath(kind: IntegrationKind): string {
    return kind === 'DOCKER' ? this.#linkPath : this.#programPath(kind);
  }

  /** Throws where another program stands in the link's place. */
  async put(kind: IntegrationKind): Promise<void> {
    const name = `${programName(kind)}.cjs`;
    const content = await readFile(join(this.#places.programsDirectory, name));
    await writeAtomically(join(this.#folder, name), content, { mode: 0o700 });
    if (kind === 'DOCKER') await this.#link(this.#programPath(kind));
  }

  async remove(kind: IntegrationKind): Promise<void> {
    if (kind === 'DOCKER' && (await this.#isOurLink())) await rm(this.#linkPath, { force: true });
    await rm(this.#programPath(kind), { force: true });
  }

  /** What would keep a client from starting its helper, as sentences. */
  warnings(kind: IntegrationKind): readonly string[] {
    const { environment } = this.#places;
    const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
    const warnings: string[] = [];
    const names = process.platform === 'win32' ? ['node.exe'] : ['node'];
    if (!folders.some((folder) => names.some((name) => existsSync(join(folder, name))))) {
      warnings.push('The helper runs on Node.js, and this app finds no node on its path.');
    }
    if (kind === 'DOCKER' && !folders.includes(dirname(this.#linkPath))) {
      warnings.push(
        `docker looks for its helper on the path. Add ${dirname(this.#linkPath)} to it where your shell has not.`,
      );
    }
    return warnings;
  }

  get #linkPath(): string {
    const { homeDirectory } = this.#places;
    const name = programName('DOCKER');
    return process.platform === 'win32'
      ? join(this.#folder, 'bin', `${name}.cmd`)
      : join(homeDirectory, '.local', 'bin', name);
  }

  #programPath(kind: IntegrationKind): string {
    return join(this.#folder, `${programName(kind)}.cjs`);
  }

  async #link(program: string): Promise<void> {
    const path = this.#linkPath;
    await mkdir(dirname(path), { recursive: true });
    // Links need a privilege there.
    if (process.platform === 'win32') return writeFile(path, `@node "${program}" %*\r\n`);
    if (await this.#isOurLink()) return;
    const inTheWay = await lstat(path).catch(() => undefined);
    if (inTheWay !== undefined) throw new Error(`${path} is another program.`);
    await symlink(program, path);
  }

  async #isOurLink(): Promise<boolean> {
    if (process.platform === 'win32') return existsSync(this.#linkPath);
    const target = await readlink(this.#linkPath).catch(() => undefined);
    return target === this.#programPath('DOCKER');
  }
}

function programName(kind: IntegrationKind): string {
  return `${kind === 'DOCKER' ? 'docker' : 'git'}-credential-latchkey`;
}
