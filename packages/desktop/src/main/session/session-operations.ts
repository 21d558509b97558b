import { z } from 'zod';

const accountSchema = z.object({
  id: z.string(),
  username: z.string(),
  role: z.enum(['ADMINISTRATOR', 'MEMBER']).catch('MEMBER'),
});
const dateSchema = z.iso.datetime({ offset: true });
const tokenSchema = z.object({ id: z.string(), hint: z.string() });
const sessionSchema = z.object({ id: z.string(), createdAt: dateSchema, expiresAt: dateSchema });

const ACCOUNT = 'id username role';
const REMOVED_TOKEN =
  'id description hint status removalReason removalNote removedAt session { device { name } }';

/** A token as the server describes it after its removal. */
export const removedTokenSchema = z.object({
  id: z.string(),
  description: z.string(),
  hint: z.string(),
  status: z.string(),
  removalReason: z.string().nullable(),
  removalNote: z.string().nullable(),
  removedAt: z.string().nullable(),
  session: z.object({ device: z.object({ name: z.string() }).nullable() }).nullable(),
});

export const SERVER_INFO = {
  query: 'query ServerInfo { serverInfo { version setupRequired } }',
  schema: z.object({ serverInfo: z.object({ version: z.string(), setupRequired: z.boolean() }) }),
} as const;

export const SIGN_IN = {
  query: `mutation SignIn($input: SignInInput!) { signIn(input: $input) {
    account { ${ACCOUNT} } session { id createdAt expiresAt } sessionSecret deviceKey
    accessToken { id hint } accessTokenSecret removedAccessTokens { ${REMOVED_TOKEN} } } }`,
  schema: z.object({
    signIn: z.object({
      account: accountSchema,
      session: sessionSchema,
      sessionSecret: z.string().min(1),
      deviceKey: z.string().min(1),
      accessToken: tokenSchema,
      accessTokenSecret: z.string().min(1),
      removedAccessTokens: z.array(removedTokenSchema),
    }),
  }),
} as const;

export const VIEWER = {
  query: `query Viewer { viewer { account { ${ACCOUNT} }
    session { id createdAt expiresAt accessToken { id hint } } } }`,
  schema: z.object({
    viewer: z.object({
      account: accountSchema,
      session: sessionSchema.extend({ accessToken: tokenSchema.nullable() }).nullable(),
    }),
  }),
} as const;

export const TOMBSTONE = {
  query: `query Tombstone($id: ID!) { accessToken(id: $id) { ${REMOVED_TOKEN} } }`,
  schema: z.object({ accessToken: removedTokenSchema.nullable() }),
} as const;

export const ENSURE_SESSION_TOKEN = {
  query: 'mutation EnsureSessionToken { ensureSessionToken { accessToken { id hint } secret } }',
  schema: z.object({
    ensureSessionToken: z.object({ accessToken: tokenSchema, secret: z.string().min(1) }),
  }),
} as const;

export const SIGN_OUT = {
  query: 'mutation SignOut { signOut }',
  schema: z.object({ signOut: z.boolean() }),
} as const;

export const SESSION_ENDED = {
  query: 'subscription SessionEnded { sessionEnded { id endReason } }',
  schema: z.object({
    sessionEnded: z.object({ id: z.string(), endReason: z.string().nullable() }),
  }),
} as const;

export const ACCESS_TOKEN_CHANGED = {
  query: `subscription AccessTokenChanged { accessTokenChanged { kind accessToken { ${REMOVED_TOKEN} } } }`,
  schema: z.object({
    accessTokenChanged: z.object({ kind: z.string(), accessToken: removedTokenSchema }),
  }),
} as const;
