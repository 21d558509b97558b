import type { Problem } from './state.js';

export type IntegrationKind = 'DOCKER' | 'GIT';

/** Whether docker or git asks Latchkey for credentials, and for which hosts. */
export interface Integration {
  readonly kind: IntegrationKind;
  /** `CHANGED`: turned on, and its entries have since been taken out of the file or altered. */
  readonly status: 'OFF' | 'ON' | 'CHANGED';
  /** The program's own configuration, absolute. */
  readonly configFile: string;
  /** Registries as `registry.example.com:5000`, git servers as `https://git.example.com`. */
  readonly hosts: readonly string[];
  /** The Latchkey server whose account the hosts were turned on for; null where off. */
  readonly serverAddress: string | null;
  /** What keeps it from working, such as a folder that is not on the path. */
  readonly warnings: readonly string[];
  /** Why the configuration cannot be read or changed. */
  readonly problem: Problem | null;
}

export interface Integrations {
  /** False where this machine does not let the app listen for helpers: nothing is answered then. */
  readonly isAnswering: boolean;
  readonly docker: Integration;
  readonly git: Integration;
}

/** `hosts` as typed; none means that the integration goes. */
export interface IntegrationRequest {
  readonly kind: IntegrationKind;
  readonly hosts: readonly string[];
}

/** A line of the configuration, or of its outline: values that are not ours are left out. */
export interface DiffLine {
  readonly change: 'KEPT' | 'ADDED' | 'REMOVED';
  readonly text: string;
}

export interface IntegrationPreview {
  readonly hosts: readonly string[];
  readonly configFile: string;
  /** Empty where the file stays as it is. */
  readonly lines: readonly DiffLine[];
  /** The helper program's place, where it is put there or removed; null where it stays. */
  readonly programFile: string | null;
  /** Names what the file held when it was shown: a change is made to that and to nothing else. */
  readonly basis: string;
}

/** The change that was shown, to be made. */
export interface IntegrationChange extends IntegrationRequest {
  readonly basis: string;
}
