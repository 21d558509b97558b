/**
 * Brings the counters and last uses of tokens up to every use that was recorded so far. Every service that reads them
 * awaits it first.
 */
export type FlushUsage = () => Promise<void>;
