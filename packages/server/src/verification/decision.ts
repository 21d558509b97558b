import type { ErrorCode, Scope, ScopeSet } from '@latchkey/shared';
import type { AccessTokenKind } from '../database/entities/access-token.entity.js';
import type { AccountRole } from '../database/entities/account.entity.js';
import type { Endpoint } from '../database/entities/usage-event.js';

/** What is asked for in one namespace: the part of a repository's name before its first slash. */
export interface NamespaceRequest {
  /** Empty for what lies outside every namespace. */
  readonly namespace: string;
  readonly scopes: ScopeSet;
}

/** What an endpoint asks the verifier: may this secret do that? */
export interface AccessRequest {
  readonly endpoint: Endpoint;
  /** All of these have to be allowed; the empty set asks only whether the secret is good. */
  readonly scopes: ScopeSet;
  /** All of these have to be allowed too, each in its namespace. */
  readonly namespaces?: readonly NamespaceRequest[] | undefined;
  /** A part of `namespaces` is enough: the decision says which, and refuses only where nothing is left. */
  readonly partly?: boolean;
  /** The account that was named beside the secret, where the protocol names one. */
  readonly username?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

/** Whom a good secret stands for, and what it may do at this moment. */
export interface TokenHolder {
  readonly accountId: string;
  readonly username: string;
  readonly role: AccountRole;
  readonly accessTokenId: string;
  readonly kind: AccessTokenKind;
  readonly sessionId: string | null;
  /** The token's scopes cut to what its account may do now. */
  readonly permissions: ScopeSet;
  /** When the token ends of itself; null where it does not. In UTC milliseconds. */
  readonly endsAt: number | null;
}

export interface Denial {
  readonly allowed: false;
  readonly code: ErrorCode;
  /** For a person. Only who holds a secret that exists is told more than that it is no good. */
  readonly message: string;
  /** What the token lacks, where that is all that is wrong. */
  readonly missing: readonly Scope[];
}

export interface Allowance {
  readonly allowed: true;
  readonly holder: TokenHolder;
  /** For each of the namespaces asked for, in their order, what is allowed of it. */
  readonly granted: readonly ScopeSet[];
  /** Why the rest of what was asked for is not granted; null where nothing is withheld. */
  readonly withheld: string | null;
}

export type Decision = Allowance | Denial;
