import { AccountService } from './accounts/account.service.js';
import { SetupCodeService } from './accounts/setup-code.service.js';
import { SignUpThrottle } from './accounts/sign-up-throttle.js';
import type { Cluster } from './cluster/cluster.js';
import { Throttle } from './cluster/throttle.js';
import type { Config } from './config.js';
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from './core/clock.js';
import { idMaker } from './core/ids.js';
import type { Log } from './core/log.js';
import { ReadCache } from './core/read-cache.js';
import { PasswordHasher } from './crypto/password.js';
import type { Database } from './database/database.js';
import { NamespaceService } from './namespaces/namespace.service.js';
import { SigningKeyService } from './registry/signing-key.service.js';
import { ResourceServerService } from './resource-servers/resource-server.service.js';
import { KnownClients } from './sessions/known-clients.js';
import { NewSessions } from './sessions/new-session.js';
import { PasswordChangeService } from './sessions/password-change.service.js';
import { PasswordCheck } from './sessions/password-check.js';
import { SessionService } from './sessions/session.service.js';
import { SessionEndingService } from './sessions/session-ending.service.js';
import { SessionPresence } from './sessions/session-presence.js';
import { SessionTokenRenewalService } from './sessions/session-token-renewal.service.js';
import { SignInService } from './sessions/sign-in.service.js';
import { SignInThrottle } from './sessions/sign-in-throttle.js';
import { PersonalTokenService } from './tokens/personal-token.service.js';
import { SessionTokenService } from './tokens/session-token.service.js';
import { TokenListingService } from './tokens/token-listing.service.js';
import { TokenStore } from './tokens/token-store.js';
import { UsageService } from './usage/usage.service.js';
import { UsageAggregation } from './usage/usage-aggregation.js';
import { newestUse } from './usage/usage-journal.js';
import { UsageLog } from './usage/usage-log.js';
import { UsageRecorder } from './usage/usage-recorder.js';
import { UsageRetention } from './usage/usage-retention.js';
import { readAccessRecord } from './verification/access-record.js';
import { AccessRecordLoader } from './verification/access-record-loader.js';
import { AccessVerifier } from './verification/access-verifier.js';
import { SecretRevocationService } from './verification/secret-revocation.service.js';

const REPORTS_PER_MINUTE = 30;
const ACCESS_RECORDS_CACHED = 20_000;

export type Services = Awaited<ReturnType<typeof createServices>>;

/** Every service over one database, each given what it needs and nothing else. */
export async function createServices(
  database: Database,
  cluster: Cluster,
  config: Config,
  clock: Clock,
  log: Log,
) {
  const latestId = (await newestUse(database.sql))?.id;
  const makeId = idMaker(clock, latestId);
  const { events, cacheValidMs } = cluster;
  const passwords = new PasswordHasher();
  const setupCodes = new SetupCodeService(database, config.setupCode, cluster.rateLimiter);
  const accounts = new AccountService(
    database,
    passwords,
    setupCodes,
    new SignUpThrottle(config.signUpsPerHour, cluster.rateLimiter),
    config.signUps,
    clock,
    makeId,
  );

  const isShared = database.engine === 'mysql';
  const recorder = new UsageRecorder(database, events, log);
  const usageLog = new UsageLog(recorder, clock, makeId);
  const usageAggregation = new UsageAggregation(database);
  recorder.onCommitted(({ length }) => usageAggregation.noteRecorded(length));
  const flushUsage = () => usageAggregation.flushForReading();
  const tokenThrottle = new Throttle(
    cluster.rateLimiter({
      name: 'tokens',
      points: config.tokensPerHour,
      durationSeconds: HOUR_MS / SECOND_MS,
    }),
    'This account makes tokens and secrets faster than its fair share.',
  );
  const store = new TokenStore(events, clock, makeId);
  const personalTokens = new PersonalTokenService(
    database,
    store,
    tokenThrottle,
    config,
    flushUsage,
  );
  const sessionTokens = new SessionTokenService(
    store,
    tokenThrottle,
    config.sessionTokenPrune,
    flushUsage,
  );
  const listing = new TokenListingService(database, clock, flushUsage);

  const presence = new SessionPresence(database, clock, config);
  const sessions = new SessionService(database, presence, clock);
  const endings = new SessionEndingService(database, sessionTokens, events, clock);
  const tokenRenewal = new SessionTokenRenewalService(database, endings, sessionTokens, clock);
  const knownClients = new KnownClients(database, clock);
  const passwordCheck = new PasswordCheck(
    accounts,
    knownClients,
    passwords,
    new SignInThrottle(config.signInFailures, cluster.rateLimiter),
  );
  const signIns = new SignInService(
    database,
    passwordCheck,
    knownClients,
    new NewSessions(clock, makeId, config),
    endings,
    sessionTokens,
  );
  const passwordChange = new PasswordChangeService(
    database,
    accounts,
    endings,
    passwords,
    passwordCheck,
    knownClients,
  );

  const usage = new UsageService(database, usageAggregation, clock);
  const usageRetention = new UsageRetention(database, clock, config, log);

  const namespaces = new NamespaceService(database, clock);
  const resourceServers = new ResourceServerService(
    database,
    events,
    clock,
    makeId,
    log,
    config.resourceServers,
    cacheValidMs,
  );
  const revocations = new SecretRevocationService(
    database,
    store,
    endings,
    resourceServers,
    usageLog,
    clock,
  );
  const reportThrottle = new Throttle(
    cluster.rateLimiter({
      name: 'reports',
      points: REPORTS_PER_MINUTE,
      durationSeconds: MINUTE_MS / SECOND_MS,
    }),
    'Too many reports from this network.',
  );
  const signingKeys = new SigningKeyService(database, clock);

  const loader = new AccessRecordLoader(database.sql);
  const readRecord = (digest: string) =>
    isShared ? loader.load(digest) : readAccessRecord(database.sql, digest);
  const accessRecords = new ReadCache({
    max: ACCESS_RECORDS_CACHED,
    validMs: cacheValidMs,
    read: readRecord,
    ownerOf: ({ accountId }) => accountId,
  });
  events.listen('accountChanged', ({ accountId }) => accessRecords.drop(accountId));
  const verifier = new AccessVerifier(accessRecords, usageLog, presence, clock, namespaces);

  return {
    events,
    accounts,
    setupCodes,
    personalTokens,
    listing,
    presence,
    sessions,
    endings,
    tokenRenewal,
    signIns,
    passwordChange,
    recorder,
    usage,
    usageAggregation,
    usageLog,
    usageRetention,
    verifier,
    namespaces,
    resourceServers,
    revocations,
    reportThrottle,
    signingKeys,
  };
}
