import { COMPARISON_COLUMNS, compare, comparisonRow } from '../harness/compare.js';
import type { Load } from '../harness/load.js';
import { startContender, startLatchkey } from '../harness/measured-server.js';
import type { Seed } from '../harness/seed.js';
import { median } from '../harness/statistics.js';
import { atLeast, atMost, type Section } from '../report.js';
import { isDecision, recording, verifications } from './requests.js';
import { PEAK_MIB_LIMIT, type Scale } from './scale.js';

const CONNECTIONS = 64;

/** The forward-auth endpoint against the barest server there is. */
export async function measureVerify(seed: Seed, scale: Scale): Promise<Section> {
  await using latchkey = await startLatchkey(seed.databasePath);
  await using bare = await startContender('bare');
  const load: Load = {
    requests: verifications(seed.tokens),
    connections: CONNECTIONS,
    durationSeconds: scale.roundSeconds,
    accepts: isDecision,
  };
  await using copy = await seed.copy();
  await using minimal = await startContender('minimal', copy.databasePath);
  const found = await compare(
    { server: bare, load },
    recording(latchkey, load, seed),
    scale.rounds,
  );
  const least = await compare({ server: bare, load }, { server: minimal, load }, scale.rounds);
  const shares = found.ratios.map((ratio) => 100 * ratio);
  const leastShare = 100 * median(least.ratios);
  return {
    title: '/auth/verify against bare node:http',
    method: [
      `${seed.tokens.length} tokens in rotation of ${seed.tokenCount} stored, 5% of the secrets invalid, each use committed`,
      `before its answer. ${CONNECTIONS} connections to either, ${scale.rounds} rounds of ${scale.roundSeconds} s each in turn; medians.`,
      'A round of Latchkey’s lasts until its uses are in their groups and in the counters.',
      `Share of bare by round: ${shares.map((share) => share.toFixed(0)).join(', ')}%. The minimal server, which looks a digest up and commits`,
      `three small columns a use and nothing else, comes to ${leastShare.toFixed(0)}% of bare: what SQLite and this machine's disk leave to anybody.`,
    ],
    columns: COMPARISON_COLUMNS,
    rows: [
      comparisonRow('bare node:http, constant JSON', found.contender),
      comparisonRow('minimal: digest, look-up, one synced commit a turn', least.latchkey),
      comparisonRow('Latchkey', found.latchkey),
    ],
    targets: [
      atLeast('% of the bare server’s requests per second', median(shares), 55),
      atMost('CPU seconds per 10,000', found.latchkey.cpuSecondsPer10k, 0.6),
      atMost('peak memory in MiB', found.latchkey.peakMiB, PEAK_MIB_LIMIT),
    ],
  };
}
