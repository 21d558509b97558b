import { COMPARISON_COLUMNS, type Comparison, compare, comparisonRow } from '../harness/compare.js';
import { startDesktopApp } from '../harness/desktop-app.js';
import type { LoadRequest } from '../harness/load.js';
import { type MeasuredServer, startContender } from '../harness/measured-server.js';
import { timeRun } from '../harness/run-time.js';
import { PASSWORD, type Seed } from '../harness/seed.js';
import { median, quantile } from '../harness/statistics.js';
import { atLeast, atMost, type Section } from '../report.js';
import { introspections, isActive, isRegistryToken, registryTokens } from './endpoint-requests.js';
import { recording } from './requests.js';
import { PEAK_MIB_LIMIT, type Scale } from './scale.js';

const CONNECTIONS = 64;
const HELPER_RUNS = 40;
const REGISTRY = 'registry.example.com';
const GIT_SERVER = 'https://git.example.com';
const GIT_REQUEST = 'protocol=https\nhost=git.example.com\n';
const NOT_FOUND = 'credentials not found in native keychain\n';

/** The registry's token endpoint and introspection against bare servers that do the same work, and the credential helpers. */
export async function measureEndpoints(seed: Seed, scale: Scale): Promise<Section> {
  const introspected = introspections(seed);
  const issued = registryTokens(seed);
  await using latchkey = await startContender('latchkey-with-registry', seed.databasePath);
  await using signer = await startContender('bare-signer');
  await using post = await startContender('bare-post');
  const against = (
    contender: MeasuredServer,
    requests: readonly LoadRequest[],
    accepts: (status: number, body: string) => boolean,
  ) => {
    const load = { requests, connections: CONNECTIONS, durationSeconds: scale.roundSeconds };
    return compare(
      { server: contender, load: { ...load, accepts: (status) => status === 200 } },
      recording(latchkey, { ...load, accepts }, seed),
      scale.rounds,
    );
  };
  const registry = await against(signer, issued, isRegistryToken);
  const introspection = await against(post, introspected, isActive);
  const helper = await measureHelper(latchkey, seed);
  return {
    title: 'The other endpoints',
    method: [
      `${seed.tokens.length} tokens in rotation of ${seed.tokenCount} stored, each use committed before its answer. ${CONNECTIONS} connections to either server,`,
      `${scale.rounds} rounds of ${scale.roundSeconds} s each in turn; medians. The bare signer signs with the same algorithm and claims. The`,
      `credential helpers' get runs from start to exit, ${HELPER_RUNS} times in turn with node -e 0; the app answers at its real socket, and`,
      'has been quit for those that find it not running.',
      `Shares by round: /registry/token ${sharesOf(registry)}, /oauth2/introspect ${sharesOf(introspection)}.`,
    ],
    columns: COMPARISON_COLUMNS,
    rows: [
      comparisonRow('bare signer', registry.contender),
      comparisonRow('/registry/token', registry.latchkey),
      comparisonRow('bare POST', introspection.contender),
      comparisonRow('/oauth2/introspect', introspection.latchkey),
      runsRow('node -e 0', helper.bareMs),
      runsRow('docker-credential-latchkey get', helper.dockerMs),
      runsRow('git-credential-latchkey get', helper.gitMs),
      runsRow('docker’s, the app not running', helper.dockerWithoutAppMs),
      runsRow('git’s, the app not running', helper.gitWithoutAppMs),
    ],
    targets: [
      atLeast('% of the bare signer’s requests per second', shareOf(registry), 50),
      atLeast('% of the bare POST server’s requests per second', shareOf(introspection), 45),
      atMost('docker’s credential helper’s get in ms', median(helper.dockerMs), 60),
      atMost('git’s', median(helper.gitMs), 60),
      atMost('docker’s without the app', median(helper.dockerWithoutAppMs), 100),
      atMost('git’s without the app', median(helper.gitWithoutAppMs), 100),
      atMost('peak memory in MiB', introspection.latchkey.peakMiB, PEAK_MIB_LIMIT),
    ],
  };
}

async function measureHelper({ url }: MeasuredServer, { accounts }: Seed) {
  const [account] = accounts;
  if (account === undefined) throw new Error('There is no account to sign in with.');
  const { username } = account;
  const hosts = { registry: REGISTRY, gitServer: GIT_SERVER };
  await using app = await startDesktopApp(url, { username, password: PASSWORD }, hosts);
  const get = async (client: 'docker' | 'git', isExpected: (output: string) => boolean) => {
    const input = client === 'docker' ? REGISTRY : GIT_REQUEST;
    const { output, remarks, ms } = await timeRun([app.helperOf(client), 'get'], input);
    if (!isExpected(output)) throw new Error(`The helper answered: ${output}${remarks}`);
    return ms;
  };
  const bareMs: number[] = [];
  const dockerMs: number[] = [];
  const gitMs: number[] = [];
  for (let run = 0; run < HELPER_RUNS; run++) {
    bareMs.push((await timeRun([process.execPath, '-e', '0'])).ms);
    dockerMs.push(await get('docker', (output) => output.includes(`"${username}"`)));
    gitMs.push(await get('git', (output) => output.startsWith(`username=${username}\n`)));
  }
  await app.quit();
  const dockerWithoutAppMs: number[] = [];
  const gitWithoutAppMs: number[] = [];
  for (let run = 0; run < HELPER_RUNS; run++) {
    dockerWithoutAppMs.push(await get('docker', (output) => output === NOT_FOUND));
    gitWithoutAppMs.push(await get('git', (output) => output === ''));
  }
  return { bareMs, dockerMs, gitMs, dockerWithoutAppMs, gitWithoutAppMs };
}

function runsRow(name: string, ms: readonly number[]): (string | number)[] {
  return [name, '', '', '', median(ms), quantile(ms, 0.99), ''];
}

function shareOf({ ratios }: Comparison): number {
  return 100 * median(ratios);
}

function sharesOf({ ratios }: Comparison): string {
  return `${ratios.map((ratio) => (100 * ratio).toFixed(0)).join(', ')}%`;
}
