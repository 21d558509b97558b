import { fromScopeSet, type ScopeSet } from '@latchkey/shared';
import { foldUsername } from '../accounts/username.js';
import type { Clock } from '../core/clock.js';
import type { ReadCache } from '../core/read-cache.js';
import { digestOf } from '../crypto/secret.js';
import { UseOutcome } from '../database/entities/usage-event.js';
import type { SessionPresence } from '../sessions/session-presence.js';
import type { UsageLog, Use } from '../usage/usage-log.js';
import type { AccessRecord } from './access-record.js';
import type { AccessRequest, Decision, NamespaceRequest, TokenHolder } from './decision.js';
import * as denials from './denials.js';
import { permissionsIn } from './namespace-permissions.js';

/** Knows which namespaces are open to everybody. */
interface PublicNamespaces {
  publicAmong(names: readonly string[]): Promise<ReadonlySet<string>>;
}

const NO_NAMES: ReadonlySet<string> = new Set();
const NOTHING: readonly ScopeSet[] = [];

/**
 * The one verifier: every endpoint asks it, and nothing else decides. Each decision on a secret that exists is recorded as a use,
 * and an allowing one is given only once its record is on disk.
 */
export class AccessVerifier {
  constructor(
    private readonly cache: ReadCache<AccessRecord>,
    private readonly usageLog: UsageLog,
    private readonly presence: SessionPresence,
    private readonly clock: Clock,
    private readonly namespaces: PublicNamespaces,
  ) {}

  /**
   * Whether the secret may do what is wanted. White space around it came from a copy: a secret holds none.
   * @throws whatever kept an allowed use from being recorded; an endpoint then answers that the service is unavailable. A
   * refusal stands, recorded or not.
   */
  async verify(offered: string, wanted: AccessRequest): Promise<Decision> {
    const secret = offered.trim();
    const notAToken = denials.notAToken(secret);
    if (notAToken !== undefined) return notAToken;
    const digest = digestOf(secret);
    const cached = this.cache.get(digest);
    let record = cached ?? (await this.cache.read(digest));
    if (record === undefined) return denials.unknown();
    const { namespaces } = wanted;
    const open = namespaces ? await this.#publicFor(record, namespaces) : NO_NAMES;
    let decision = decide(record, wanted, open, this.clock.now());
    if (!decision.allowed && cached !== undefined) {
      // Time may have passed a cached end that has since moved on: only the database refuses.
      record = await this.cache.read(digest);
      if (record === undefined) return denials.unknown();
      decision = decide(record, wanted, open, this.clock.now());
    }
    await this.#record(record, decision, wanted);
    return decision;
  }

  /** What somebody without a token may do of `requests`, in their order. No token is used, so nothing is recorded. */
  async anonymous(requests: readonly NamespaceRequest[]): Promise<readonly ScopeSet[]> {
    const open = await this.#publicAmong(requests);
    return requests.map(
      (request) => request.scopes & permissionsIn(request.namespace, undefined, open),
    );
  }

  /** Those of the namespaces that are public, as far as it makes a difference to the token. */
  async #publicFor(
    record: AccessRecord,
    requests: readonly NamespaceRequest[],
  ): Promise<ReadonlySet<string>> {
    const permissions = record.scopes & record.permissions;
    const others = requests.filter(
      ({ namespace, scopes }) => namespace !== record.username || (scopes & ~permissions) !== 0,
    );
    return others.length === 0 ? NO_NAMES : this.#publicAmong(others);
  }

  #publicAmong(requests: readonly NamespaceRequest[]): Promise<ReadonlySet<string>> {
    return this.namespaces.publicAmong(requests.map(({ namespace }) => namespace));
  }

  #record(record: AccessRecord, decision: Decision, wanted: AccessRequest): Promise<void> {
    if (decision.allowed && record.session !== null) this.presence.note(record.session);
    const { accessTokenId, accountId } = record;
    const { endpoint, action, resource, ipAddress, userAgent } = wanted;
    const asked = { accessTokenId, accountId, endpoint, action, resource, ipAddress, userAgent };
    if (decision.allowed) {
      return this.usageLog.record({
        ...asked,
        outcome: UseOutcome.ALLOWED,
        reason: decision.withheld,
      });
    }
    const refused: Use = { ...asked, outcome: UseOutcome.REFUSED, reason: decision.message };
    return this.usageLog.recordRefusal(refused, decision.code).catch(() => undefined);
  }
}

/** The decision on a known secret at `now`, and nothing but that: the same inputs give the same answer. */
function decide(
  record: AccessRecord,
  wanted: AccessRequest,
  open: ReadonlySet<string>,
  now: number,
): Decision {
  if (record.removedAt !== null) return denials.removed(record, record.removedAt);
  if (record.secretValidUntil !== null && record.secretValidUntil <= now) {
    return denials.rotated(record.secretValidUntil);
  }
  const { session } = record;
  if (session !== null && (session.liveUntil === null || session.liveUntil <= now)) {
    return denials.sessionOver();
  }
  if (record.expiresAt !== null && record.expiresAt <= now)
    return denials.expired(record.expiresAt);
  if (!record.active) return denials.inactive();
  if (wanted.username !== undefined && foldUsername(wanted.username) !== record.username) {
    return denials.otherAccount();
  }
  const permissions = record.scopes & record.permissions;
  const missing = wanted.scopes & ~permissions;
  if (missing !== 0) return denials.insufficientScope(fromScopeSet(missing), record);
  const holder = holderOf(record, permissions);
  if (wanted.namespaces === undefined) {
    return { allowed: true, holder, granted: NOTHING, withheld: null };
  }
  return decideNamespaces(record, holder, wanted.namespaces, wanted.partly ?? false, open);
}

function decideNamespaces(
  record: AccessRecord,
  holder: TokenHolder,
  requests: readonly NamespaceRequest[],
  partly: boolean,
  open: ReadonlySet<string>,
): Decision {
  const granted = requests.map(({ namespace, scopes }) => {
    // What is open to everybody is open to every token.
    const toEverybody = permissionsIn(namespace, undefined, open);
    const toHolder = holder.permissions & permissionsIn(namespace, record, open);
    return scopes & (toHolder | toEverybody);
  });
  const short = requests.findIndex(({ scopes }, index) => scopes !== granted[index]);
  const request = requests[short];
  if (request === undefined) return { allowed: true, holder, granted, withheld: null };
  const missing = request.scopes & ~(granted[short] ?? 0);
  const lacking = missing & ~holder.permissions;
  const denial =
    lacking === 0
      ? denials.foreignNamespace(fromScopeSet(missing), request.namespace, record)
      : denials.insufficientScope(fromScopeSet(lacking), record);
  const inPart = partly && granted.some((scopes) => scopes !== 0);
  if (!inPart) return denial;
  // A registry refuses the rest itself, without the reason: it stands in the record.
  return { allowed: true, holder, granted, withheld: `Granted in part. ${denial.message}` };
}

function holderOf(record: AccessRecord, permissions: number): TokenHolder {
  return {
    accountId: record.accountId,
    username: record.username,
    role: record.role,
    accessTokenId: record.accessTokenId,
    kind: record.kind,
    sessionId: record.session?.id ?? null,
    permissions,
    endsAt: earlier(record.expiresAt, record.secretValidUntil),
  };
}

/** Of two ends, either of which may be none. */
function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
