import { z } from 'zod';
import type { GraphqlError, GraphqlResult } from '../../ipc/contract.js';
import type { Problem } from '../../ipc/state.js';

const graphqlErrorSchema = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

const answerSchema = z
  .object({
    data: z.record(z.string(), z.unknown()).nullish(),
    errors: z.array(graphqlErrorSchema).optional(),
  })
  .refine((answer) => answer.data !== undefined || answer.errors !== undefined);

const refusalSchema = z.object({
  code: z.string(),
  fields: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .catch(undefined),
});

/** `body` as a GraphQL answer; undefined where it is none, whatever a hostile or foreign server sent. */
export function parseAnswer(body: unknown): (GraphqlResult & { ok: true }) | undefined {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return undefined;
  return {
    ok: true,
    data: parsed.data.data ?? null,
    errors: (parsed.data.errors ?? []) as readonly GraphqlError[],
  };
}

/** The server's code of an error, `INTERNAL` where it gives none. */
export function codeOf(error: GraphqlError): string {
  const parsed = refusalSchema.safeParse(error.extensions);
  return parsed.success ? parsed.data.code : 'INTERNAL';
}

/** A GraphQL error as a problem to show: the server's message is already meant for people. */
export function toProblem(error: GraphqlError): Problem {
  const parsed = refusalSchema.safeParse(error.extensions);
  if (!parsed.success) return { code: 'INTERNAL', message: error.message };
  const { code, fields } = parsed.data;
  return {
    code,
    message: error.message,
    ...(fields === undefined ? {} : { fields }),
  };
}
