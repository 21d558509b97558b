/** Groups the uses of the journal, and keeps the tokens' counters. */
export interface Rollup {
  /** How often to settle by itself; whoever reads uses or the counters has it done before. */
  readonly pauseMs: number;
  /** Resolves once every event that was on disk at the call is in its group and in the counters. */
  settle(): Promise<void>;
}
