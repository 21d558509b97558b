import type { z } from 'zod';
import type { GraphqlResult, Outcome } from '../../ipc/contract.js';
import { notLatchkey } from '../graphql/connection-problem.js';
import { toProblem } from '../graphql/graphql-answer.js';
import type { HttpTransport } from '../graphql/http-transport.js';

interface Operation<Data> {
  readonly query: string;
  readonly schema: z.ZodType<Data>;
}

/** Sends one of main's own operations and reads its answer by the schema, so that nothing unread gets further. */
export async function ask<Data>(
  transport: HttpTransport,
  address: string,
  secret: string | null,
  operation: Operation<Data>,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Outcome<Data>> {
  const result = await transport.execute(address, secret, { query: operation.query, variables });
  return read(result, operation.schema, address);
}

function read<Data>(
  result: GraphqlResult,
  schema: z.ZodType<Data>,
  address: string,
): Outcome<Data> {
  if (!result.ok) return result;
  const [firstError] = result.errors;
  if (firstError !== undefined) return { ok: false, problem: toProblem(firstError) };
  const parsed = schema.safeParse(result.data);
  if (parsed.success) return { ok: true, value: parsed.data };
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  return { ok: false, problem: notLatchkey(address, `unexpected answer at ${place}`) };
}
