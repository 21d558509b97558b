import { join } from 'node:path';
import type { AppInfo } from '../../ipc/contract.js';
import { INTEGRATIONS_FILE } from '../../ipc/helper-contract.js';
import type { Answers } from '../answers.js';
import type { Clock } from '../clock.js';
import { HelperPrograms } from '../integrations/helper-programs.js';
import { IntegrationRecords } from '../integrations/integration-records.js';
import { IntegrationService } from '../integrations/integration-service.js';
import type { SessionManager } from '../session/session-manager.js';
import type { StateHolder } from '../state-holder.js';
import { perform } from './client-actions.js';
import { HelperAnswers } from './helper-answers.js';
import { HelperEndpoint } from './helper-endpoint.js';
import { SessionCredentialSource } from './session-credential.js';

/** Where the machine keeps docker's and git's configuration, and the app its built helpers. */
interface HelperPlaces {
  readonly homeDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly programsDirectory: string;
}

export interface HelperPorts {
  readonly clock: Clock;
  readonly helperPlaces: HelperPlaces;
  readonly info: Pick<AppInfo, 'version'>;
  readonly userDataDirectory: string;
}

type IntegrationChannel =
  | 'integrations'
  | 'previewIntegration'
  | 'installIntegration'
  | 'removeIntegration';

/** The endpoint for credential helpers, and the integrations that make docker and git use them. */
export function createCredentialHelpers(
  ports: HelperPorts,
  manager: SessionManager,
  state: StateHolder,
) {
  const { clock, helperPlaces: places, info, userDataDirectory } = ports;
  const folder = join(userDataDirectory, 'credential-helpers');
  const records = new IntegrationRecords(join(userDataDirectory, INTEGRATIONS_FILE));
  const service = new IntegrationService({
    places,
    programs: new HelperPrograms(places, folder, info.version),
    records,
    serverAddress: () => manager.session?.serverAddress,
  });
  const credentials = new SessionCredentialSource(manager, state, clock);
  const helperAnswers = new HelperAnswers(credentials, (kind) => records.get(kind));
  const endpoint = new HelperEndpoint(folder, (action, input) =>
    perform(helperAnswers, action, input),
  );
  const answers: Pick<Answers, IntegrationChannel> = {
    integrations: async () => ({
      isAnswering: endpoint.isOpen,
      docker: await service.describe('DOCKER'),
      git: await service.describe('GIT'),
    }),
    previewIntegration: (request) => service.preview(request),
    installIntegration: (change) => service.install(change),
    removeIntegration: (kind, basis) => service.remove(kind, basis),
  };
  return {
    answers,
    async start(): Promise<void> {
      // Where this fails, the app does all the rest, and the screen says that nothing is answered.
      await endpoint.open().catch(() => undefined);
      await service.refreshPrograms();
    },
    stop: () => endpoint.close(),
  };
}
