import askApp from '../../credential-helpers/ask-app.sh?raw';
import docker from '../../credential-helpers/docker-credential-latchkey.sh?raw';
import git from '../../credential-helpers/git-credential-latchkey.sh?raw';
import { sameRegistry } from '../../ipc/asked-host.js';
import type { IntegrationKind } from '../../ipc/integrations.js';

const SCRIPTS: Readonly<Record<IntegrationKind, string>> = { DOCKER: docker, GIT: git };

interface ScriptValues {
  /** The helper's name, and that of the program for Node.js beside it. */
  readonly name: string;
  readonly version: string;
  /** Where the script lies, and the endpoint's file. */
  readonly folder: string;
  /** Undefined where there is none that speaks to sockets. */
  readonly curl: string | undefined;
  readonly node: string | undefined;
  /** What is turned on, so that the person can be told where the app does not run. */
  readonly hosts: readonly string[];
}

/**
 * The helper as a script for the system's shell: curl has asked before Node.js would have started. It names its programs,
 * since editors and timers start docker and git without a shell's path.
 */
export function helperScriptOf(kind: IntegrationKind, values: ScriptValues): string {
  const { name, version, folder, curl = '', node = '', hosts } = values;
  return `#!/bin/sh
# Written by the Latchkey app, anew at its every start.
name=${quoted(name)}
version=${quoted(version)}
folder=${quoted(folder)}
curl=${quoted(curl)}
node=${quoted(node)}

is_turned_on() {
  case $1 in
${hosts.map((host) => branchOf(kind, host)).join('')}  *) return 1 ;;
  esac
}

${askApp}
${SCRIPTS[kind]}`;
}

/** A branch of the shell's `case` for the host in any letter case; it leaves the host's own name. */
function branchOf(kind: IntegrationKind, host: string): string {
  const name = (kind === 'DOCKER' ? sameRegistry(host) : undefined) ?? host;
  const pattern = name.replace(/[a-z]|[^a-z]+/gi, (part) =>
    /[a-z]/i.test(part) ? `[${part.toUpperCase()}${part.toLowerCase()}]` : quoted(part),
  );
  return `  ${pattern}) turned_on=${quoted(name)} ;;\n`;
}

/** The program that a script names. */
export function programNamedIn(script: string, name: 'curl' | 'node'): string | undefined {
  const [, text] = new RegExp(`^${name}='(.+)'$`, 'm').exec(script) ?? [];
  return text?.replaceAll(`'\\''`, "'");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
