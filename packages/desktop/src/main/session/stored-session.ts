import { z } from 'zod';

/** A sign-in as it is kept in the keychain. */
export const storedSessionSchema = z.object({
  serverAddress: z.string(),
  account: z.object({
    id: z.string(),
    username: z.string(),
    role: z.enum(['ADMINISTRATOR', 'MEMBER']),
  }),
  sessionId: z.string(),
  sessionSecret: z.string(),
  expiresAt: z.string(),
  accessTokenId: z.string(),
  accessTokenHint: z.string(),
  accessTokenSecret: z.string(),
});
export type StoredSession = z.infer<typeof storedSessionSchema>;
