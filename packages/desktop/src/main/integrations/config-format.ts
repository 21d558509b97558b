/** Where configurations are looked for. */
export interface ConfigPlaces {
  readonly homeDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Hosts' helpers before ours; null where the file named a host and gave it none. */
type OtherHelpers = Readonly<Record<string, string | null>>;

/** What of a configuration has to be known to put our entries into it and to take them out again. */
export interface ConfigFormat {
  /** The file that the program reads, absolute. */
  locate(places: ConfigPlaces): string;
  /** Why `text` cannot be changed, as a sentence; undefined where it can. */
  objection(text: string): Promise<string | undefined>;
  /** `helper` is the program as the configuration names it. */
  withHosts(text: string, hosts: readonly string[], helper: string): string;
  /** What other helper each of `hosts` has now. */
  otherHelpers(text: string, hosts: readonly string[]): OtherHelpers;
  /** Without any entry of `helper`, whatever its host. */
  withoutHelper(text: string, helper: string, otherHelpers: OtherHelpers): string;
  /** Whether the program asks `helper`, and it alone, for each of `hosts`. */
  holds(text: string, hosts: readonly string[], helper: string): boolean;
  /** Whether anything in `text` would start `helper`. */
  names(text: string, helper: string): boolean;
  /** The text's lines, without any value that is not a helper's. */
  outline(text: string): readonly string[];
}
