/** Bounds that both sides know: the server enforces them, the screens say them before a request is made. */
export const LIMITS = {
  usernameMinLength: 2,
  usernameMaxLength: 39,
  passwordMinLength: 12,
  passwordMaxLength: 256,
  emailMaxLength: 254,
  descriptionMaxLength: 100,
  deviceNameMaxLength: 100,
  deviceIdMaxLength: 64,
  searchMaxLength: 100,
  pageMaxLength: 200,
  tokensAtOnceMax: 100,
  rotationOverlapMaxSeconds: 7 * 24 * 60 * 60,
  sessionTokensPerAccount: 5,
} as const;
