/** Where configurations are looked for. */
export interface ConfigPlaces {
  readonly homeDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What of a configuration has to be known to put our entries into it and to take them out again. */
export interface ConfigFormat {
  /** The file that the program reads, absolute. */
  locate(places: ConfigPlaces): string;
  /** Why `text` cannot be changed, as a sentence; undefined where it can. */
  objection(path: string, text: string): Promise<string | undefined>;
  /** `helper` is the program as the configuration names it. */
  withHosts(text: string, hosts: readonly string[], helper: string): string;
  /** What other helper each of `hosts` has now. */
  otherHelpers(text: string, hosts: readonly string[]): Readonly<Record<string, string>>;
  withoutHosts(
    text: string,
    hosts: readonly string[],
    helper: string,
    otherHelpers: Readonly<Record<string, string>>,
  ): string;
  holds(text: string, hosts: readonly string[], helper: string): boolean;
  /** The text's lines, without any value that is not a helper's. */
  outline(text: string): readonly string[];
}
