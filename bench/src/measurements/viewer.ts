import { COMPARISON_COLUMNS, compare, comparisonRow } from '../harness/compare.js';
import type { Load } from '../harness/load.js';
import { startContender, startLatchkey } from '../harness/measured-server.js';
import type { Seed } from '../harness/seed.js';
import { median } from '../harness/statistics.js';
import { atLeast, atMost, type Section } from '../report.js';
import { graphqlRequest, isData, recording } from './requests.js';
import { PEAK_MIB_LIMIT, type Scale } from './scale.js';

const CONNECTIONS = 64;
const QUERY = '{ viewer { account { id username email } effectivePermissions } }';
const NAIVE_QUERY = '{ viewer { account { id username email } scopes } }';

/** GraphQL by token against the frameworks' usual composition. */
export async function measureViewer(seed: Seed, scale: Scale): Promise<Section> {
  await using naiveSeed = await seed.copy();
  await using latchkey = await startLatchkey(seed.databasePath);
  await using naive = await startContender('naive-graphql', naiveSeed.databasePath);
  const asking = (query: string): Load => ({
    requests: seed.tokens.map(({ secret }) => graphqlRequest(query, {}, secret)),
    connections: CONNECTIONS,
    durationSeconds: scale.roundSeconds,
    accepts: isData,
  });
  const { ratios, ...found } = await compare(
    { server: naive, load: asking(NAIVE_QUERY) },
    recording(latchkey, asking(QUERY), seed),
    scale.rounds,
  );
  return {
    title: 'GraphQL viewer by token against a naive server',
    method: [
      'The naive server is Express 5, Apollo Server 5, TypeGraphQL and TypeORM with findOneBy. It records no use; Latchkey',
      `commits one before each answer. ${seed.tokens.length} tokens in rotation of ${seed.tokenCount} stored. ${CONNECTIONS} connections to either,`,
      `${scale.rounds} rounds of ${scale.roundSeconds} s each in turn; medians. Ratio by round: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}.`,
    ],
    columns: COMPARISON_COLUMNS,
    rows: [comparisonRow('naive', found.contender), comparisonRow('Latchkey', found.latchkey)],
    targets: [
      atLeast('times the naive server’s requests per second', median(ratios), 2),
      atMost('peak memory in MiB', found.latchkey.peakMiB, PEAK_MIB_LIMIT),
    ],
  };
}
