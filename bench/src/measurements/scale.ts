/** How much of everything a run does. */
export interface Scale {
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly fanOutSeconds: number;
  readonly largeTokens: number;
}

export const FULL: Scale = {
  rounds: 5,
  roundSeconds: 4,
  fanOutSeconds: 10,
  largeTokens: 1_000_000,
};
export const QUICK: Scale = {
  rounds: 2,
  roundSeconds: 1,
  fanOutSeconds: 3,
  largeTokens: 50_000,
};

export const SMALL_TOKENS = 10_000;
export const PEAK_MIB_LIMIT = 250;
