import { LIMITS } from '@latchkey/shared';
import { z } from 'zod';
import type { RequestChannel, RequestChannels } from '../ipc/contract.js';

const password = z.string().min(1).max(LIMITS.passwordMaxLength);
const oneTimePassword = z.string().max(20).optional();
const graphqlRequest = z.strictObject({
  query: z.string().min(1).max(100_000),
  operationName: z.string().max(200).optional(),
  variables: z.record(z.string(), z.unknown()).optional(),
});
const subscriptionId = z.string().min(1).max(100);
const integrationKind = z.enum(['DOCKER', 'GIT']);
const integrationRequest = z.strictObject({
  kind: integrationKind,
  hosts: z.array(z.string().max(300)).max(20),
});
const basis = z.string().max(100);
const nothing = z.tuple([]);

/** What each channel takes; whatever else a window sends is refused before anything is done with it. */
const IPC_ARGUMENTS = {
  appInfo: nothing,
  appState: nothing,
  describeServer: z.tuple([z.string().max(500)]),
  signIn: z.tuple([
    z.strictObject({
      serverAddress: z.string().max(500),
      username: z.string().min(1).max(LIMITS.emailMaxLength),
      password,
      oneTimePassword,
    }),
  ]),
  reauthenticate: z.tuple([z.strictObject({ password, oneTimePassword })]),
  signOut: nothing,
  ensureSessionToken: nothing,
  execute: z.tuple([graphqlRequest]),
  subscribe: z.tuple([graphqlRequest.extend({ subscriptionId })]),
  unsubscribe: z.tuple([subscriptionId]),
  copySecret: z.tuple([z.string().min(1).max(10_000)]),
  copyText: z.tuple([z.string().min(1).max(10_000)]),
  openExternal: z.tuple([z.url({ protocol: /^https$/ }).max(2_000)]),
  retryConnection: nothing,
  integrations: nothing,
  previewIntegration: z.tuple([integrationRequest]),
  installIntegration: z.tuple([integrationRequest.extend({ basis })]),
  removeIntegration: z.tuple([integrationKind, basis]),
} satisfies Record<RequestChannel, z.ZodType>;

type Parsed<Channel extends RequestChannel> = Parameters<RequestChannels[Channel]>;

/** The arguments of `channel` as sent by a window; throws without repeating them, because they may hold a password. */
export function parseArguments<Channel extends RequestChannel>(
  channel: Channel,
  sent: readonly unknown[],
): Parsed<Channel> {
  const parsed = IPC_ARGUMENTS[channel].safeParse(sent);
  if (!parsed.success) throw new Error(`The arguments of ${channel} are not as agreed.`);
  return parsed.data as Parsed<Channel>;
}
