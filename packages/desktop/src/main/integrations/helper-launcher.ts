import { DOCKER_NOT_FOUND } from '../../ipc/helper-contract.js';
import type { IntegrationKind } from '../../ipc/integrations.js';

const NO_NODE = 'Latchkey’s credential helper runs on Node.js, and there is no node on the path.';

/** What each client takes for “nothing here, go on”, so that a missing node stops no pull of what is public. */
const WITHOUT_NODE: Readonly<Record<IntegrationKind, string>> = {
  DOCKER: `case $1 in
get) echo '${NO_NODE}' >&2; echo '${DOCKER_NOT_FOUND}'; exit 1 ;;
list) echo '{}' ;;
erase) ;;
*) echo '${NO_NODE}'; exit 1 ;;
esac
`,
  GIT: `[ "$1" != get ] || echo '${NO_NODE}' >&2
`,
};

/**
 * A script that becomes the helper `program`: docker and git are started by editors and timers too, whose path has no
 * node where a shell's has one. It names `node`, and looks on the path where that is gone.
 */
export function launcherOf(
  kind: IntegrationKind,
  program: string,
  node: string | undefined,
): string {
  return `#!/bin/sh
node=${quoted(node ?? '')}
[ -x "$node" ] || node=$(command -v node)
[ -z "$node" ] || exec "$node" ${quoted(program)} "$@"
${WITHOUT_NODE[kind]}`;
}

/** The node that a launcher names. */
export function nodeNamedIn(launcher: string): string | undefined {
  const [, text] = /^node='(.+)'$/m.exec(launcher) ?? [];
  return text?.replaceAll(`'\\''`, "'");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
