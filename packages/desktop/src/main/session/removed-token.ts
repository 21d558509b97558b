import type { z } from 'zod';
import type { RemovedAccessToken } from '../../ipc/state.js';
import type { removedTokenSchema } from './session-operations.js';

/** The server's description of a removed token in the words of the app. */
export function toRemovedToken(token: z.infer<typeof removedTokenSchema>): RemovedAccessToken {
  return {
    id: token.id,
    description: token.description,
    hint: token.hint,
    removalReason: token.removalReason,
    removalNote: token.removalNote,
    removedAt: token.removedAt,
    deviceName: token.session?.device?.name ?? null,
  };
}

/** A token of which nothing is known but that it is gone. */
export function removedWithoutTrace(id: string, hint: string): RemovedAccessToken {
  return {
    id,
    description: '',
    hint,
    removalReason: null,
    removalNote: null,
    removedAt: null,
    deviceName: null,
  };
}
