import { z } from 'zod';
import type { SessionSpan } from '../../ipc/session-rules.js';

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
  /** An earlier version did not keep it: every warning is due then. */
  createdAt: z.string().default('1970-01-01T00:00:00.000Z'),
  expiresAt: z.string(),
  accessTokenId: z.string(),
  accessTokenHint: z.string(),
  accessTokenSecret: z.string(),
});
export type StoredSession = z.infer<typeof storedSessionSchema>;

export function spanOf({ createdAt, expiresAt }: StoredSession): SessionSpan {
  return { createdAtMs: Date.parse(createdAt), expiresAtMs: Date.parse(expiresAt) };
}
