import type { RequestChannel, RequestChannels } from '../ipc/contract.js';

/** Answers to every request channel; arguments are parsed before they come here. */
export type Answers = {
  readonly [Channel in RequestChannel]: (
    ...parameters: Parameters<RequestChannels[Channel]>
  ) => ReturnType<RequestChannels[Channel]> | Promise<ReturnType<RequestChannels[Channel]>>;
};
