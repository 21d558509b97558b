import { z } from 'zod';
import type { HelperRequest } from '../../ipc/helper-contract.js';

const text = z.string().max(2_000);
const key = z.string().max(200);

/** What a credential helper may send; whatever else comes through the door is not answered. */
export const helperRequestSchema: z.ZodType<HelperRequest> = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('DOCKER_GET'), key, server: text }),
  z.object({ ask: z.literal('DOCKER_STORE'), key, server: text, username: text }),
  z.object({ ask: z.literal('DOCKER_LIST'), key }),
  z.object({
    ask: z.enum(['GIT_GET', 'GIT_ERASE']),
    key,
    protocol: text,
    host: text,
    path: text.exactOptional(),
    username: text.exactOptional(),
  }),
]);
