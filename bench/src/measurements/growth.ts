import { type Load, type LoadRequest, type LoadResult, load } from '../harness/load.js';
import { type MeasuredServer, startLatchkey } from '../harness/measured-server.js';
import { seed as makeSeed, PASSWORD, type Seed } from '../harness/seed.js';
import { medians } from '../harness/statistics.js';
import { atMost, type Section } from '../report.js';
import { graphqlRequest, isData, isDecision, verifications } from './requests.js';
import { PEAK_MIB_LIMIT, type Scale } from './scale.js';

const RATIO_LIMIT = 1.3;
/** More than fit into a round: each from a device of its own, so that each has a token to remove. */
const SIGN_INS_PREPARED = 10_000;
const LISTING = `query { accessTokens(first: 50) {
  totalCount activeCount inactiveCount pageInfo { hasNextPage endCursor }
  edges { node { id description hint scopes status createdAt expiresAt lastUsedAt useCount } } } }`;
const USES = `query ($id: ID!) { usageEvents(first: 50, filter: { accessTokenId: $id }) {
  pageInfo { hasNextPage } edges { node { id occurredAt outcome action resource ipAddress userAgent } } } }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  session { id } accessToken { id } removedAccessTokens { id removalReason } } }`;

/** What is asked of both databases. */
interface Operation {
  readonly name: string;
  requests(seed: Seed, round: number): LoadRequest[];
  accepts(status: number, body: string): boolean;
}

const OPERATIONS: readonly Operation[] = [
  {
    name: 'listing an account’s tokens',
    requests: ({ accounts }) => accounts.map(({ secret }) => graphqlRequest(LISTING, {}, secret)),
    accepts: isData,
  },
  {
    name: 'one token’s uses',
    requests: ({ accounts }) =>
      accounts.map(({ secret, busyTokenId: id }) => graphqlRequest(USES, { id }, secret)),
    accepts: isData,
  },
  {
    name: 'verification',
    requests: ({ tokens }) => verifications(tokens),
    accepts: isDecision,
  },
  {
    name: 'sign-in that removes a sixth token',
    requests: ({ accounts }, round) =>
      Array.from({ length: SIGN_INS_PREPARED }, (_, index) => {
        const username = accounts[index % accounts.length]?.username;
        const device = { id: `device ${round}-${index}`, name: `laptop ${round}-${index}` };
        const input = { username, password: PASSWORD, client: 'DESKTOP', device };
        return graphqlRequest(SIGN_IN, { input });
      }),
    accepts: (status, body) => isData(status, body) && body.includes('PRUNED'),
  },
];

/** What everything costs with a hundred times the data. */
export async function measureGrowth(small: Seed, scale: Scale): Promise<Section> {
  await using large = await makeSeed(scale.largeTokens);
  await using smallServer = await startLatchkey(small.databasePath);
  await using largeServer = await startLatchkey(large.databasePath);
  const rows = [];
  const targets = [];
  for (const operation of OPERATIONS) {
    const rounds = [];
    for (let round = 0; round <= scale.rounds; round++) {
      const inSmall = await measureOne(smallServer, small, operation, round, scale);
      rounds.push({
        inSmall,
        inLarge: await measureOne(largeServer, large, operation, round, scale),
      });
    }
    // The first is to warm up.
    const measured = rounds.slice(1);
    const inSmall = medians(measured.map((round) => round.inSmall));
    const inLarge = medians(measured.map((round) => round.inLarge));
    const time = inSmall.requestsPerSecond / inLarge.requestsPerSecond;
    const cpu = inLarge.cpuSecondsPer10k / inSmall.cpuSecondsPer10k;
    rows.push([operation.name, ...figuresOf(inSmall), ...figuresOf(inLarge), time, cpu]);
    targets.push(atMost(`${operation.name}, ratio of time`, time, RATIO_LIMIT));
    targets.push(atMost(`${operation.name}, ratio of CPU`, cpu, RATIO_LIMIT));
  }
  const { peakMiB } = await largeServer.usage();
  return {
    title: 'Growth',
    method: [
      `${small.tokenCount} tokens and ${small.useCount} uses against ${large.tokenCount} and ${large.useCount}, in accounts that are alike. One request at a time,`,
      `${scale.rounds} rounds of ${scale.roundSeconds} s each in turn; medians. Passwords are hashed as cheaply as Argon2id allows, so that a`,
      'sign-in’s time is the database’s.',
    ],
    columns: ['operation', 'small ms', 'CPU ms', 'large ms', 'CPU ms', 'ratio of time', 'of CPU'],
    rows,
    targets: [...targets, atMost('peak memory in MiB', peakMiB, PEAK_MIB_LIMIT)],
  };
}

function measureOne(
  server: MeasuredServer,
  seed: Seed,
  operation: Operation,
  round: number,
  { roundSeconds }: Scale,
): Promise<LoadResult> {
  const wanted: Load = {
    requests: operation.requests(seed, round),
    connections: 1,
    durationSeconds: roundSeconds,
    accepts: operation.accepts,
  };
  return load(server, wanted);
}

/** Milliseconds of time and of CPU for one. */
function figuresOf({ requestsPerSecond, cpuSecondsPer10k }: LoadResult): [number, number] {
  return [1000 / requestsPerSecond, cpuSecondsPer10k / 10];
}
