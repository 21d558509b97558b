export { backoffMs } from './backoff.js';
export { ErrorCode, type FieldProblem, LatchkeyError, validationFailed } from './errors.js';
export { labelProblem } from './labels.js';
export { LIMITS } from './limits.js';
export {
  ALL_SCOPES,
  FULL_SCOPE_SET,
  fromScopeSet,
  parseScope,
  Scope,
  type ScopeSet,
  toScopeSet,
} from './scopes.js';
export { redactSecrets } from './secret-text.js';
export {
  checksum,
  hintOf,
  makeSecret,
  SECRET_LENGTH,
  SECRET_PREFIX,
  type SecretKind,
  secretKindOf,
} from './token-format.js';
