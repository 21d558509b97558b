import type { IntegrationKind } from '../../../ipc/integrations.js';

interface ClientWords {
  readonly client: string;
  readonly what: string;
  readonly hostsLabel: string;
  readonly hostsHint: string;
  readonly example: string;
  /** What is typed once it is on. */
  readonly command: (host: string, username: string) => string;
}

/** What each client's part of the page says. */
export const CLIENT_LABELS: Readonly<Record<IntegrationKind, ClientWords>> = {
  DOCKER: {
    client: 'docker',
    what: 'docker pulls and pushes without a password. Other registries are left alone.',
    hostsLabel: 'Registries',
    hostsHint: 'As in the names of images, with the port where it has one. Several with a comma.',
    example: 'registry.example.com',
    command: (host, username) => `docker pull ${host}/${username}/app:latest`,
  },
  GIT: {
    client: 'git',
    what: 'git fetches and pushes over https without a password. Other servers are left alone.',
    hostsLabel: 'Git servers',
    hostsHint: 'The address up to the first slash. Several with a comma.',
    example: 'https://git.example.com',
    command: (host, username) => `git clone ${host}/${username}/project.git`,
  },
};
