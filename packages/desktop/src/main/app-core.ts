import { join } from 'node:path';
import type { AppInfo, EventChannel, EventChannels } from '../ipc/contract.js';
import type { Answers } from './answers.js';
import {
  createCredentialHelpers,
  type HelperPorts,
} from './credential-helpers/credential-helpers.js';
import { createHttpTransport, type Fetch } from './graphql/http-transport.js';
import { socketClass } from './graphql/socket-class.js';
import { SubscriptionConnection } from './graphql/subscription-connection.js';
import { raiseLeakNotices } from './notices/leak-notices.js';
import { NoticeBoard, type SystemNotices } from './notices/notice-board.js';
import { raiseSessionNotices } from './notices/session-notices.js';
import { UseNotices } from './notices/use-notices.js';
import { Preferences } from './preferences.js';
import { type Clipboard, SecretClipboard } from './secret-clipboard.js';
import { type Keychain, SecretFile } from './secrets/secret-file.js';
import { describeServer } from './session/describe-server.js';
import { DeviceKeys, deviceKeysSchema } from './session/device-keys.js';
import { SessionManager } from './session/session-manager.js';
import { pendingSignOutsSchema, SignOutReplay } from './session/sign-out-replay.js';
import { storedSessionSchema } from './session/stored-session.js';
import { StateHolder } from './state-holder.js';
import { WindowOperations } from './window-operations.js';

/** What the app needs of the system around it; Electron's side gives it, and a test gives its own. */
export interface CorePorts extends HelperPorts {
  readonly info: Omit<AppInfo, 'deviceId'>;
  readonly fetch: Fetch;
  readonly keychain: Keychain;
  readonly clipboard: Clipboard;
  readonly systemNotices: SystemNotices;
  readonly openExternal: (url: string) => Promise<void>;
  /** Brings the window to the front, opening it where there is none, with the page at `route` where one is given. */
  readonly showWindow: (route: string | null) => void;
  readonly emit: <Channel extends EventChannel>(
    channel: Channel,
    event: EventChannels[Channel],
  ) => void;
}

export interface AppCore {
  readonly answers: Answers;
  readonly state: StateHolder;
  readonly signOut: () => Promise<void>;
  /** Ends what a window had running, when it is gone or loads anew. */
  readonly forgetWindow: () => void;
  readonly retryConnection: () => void;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Puts main's parts together. Nothing in here knows Electron. */
export function createAppCore(ports: CorePorts): AppCore {
  const { clock, emit } = ports;
  const parts = createParts(ports);
  const { state, manager, transport, preferences, replay } = parts;
  const operations = new WindowOperations(manager, transport, (event) =>
    emit('subscriptionEvent', event),
  );
  const board = new NoticeBoard(
    ports.systemNotices,
    clock,
    (notice) => emit('noticeRaised', notice),
    ports.showWindow,
  );
  const clipboard = new SecretClipboard(ports.clipboard, clock);
  const helpers = createCredentialHelpers(ports, manager, state);
  raiseSessionNotices(board, manager, state);
  raiseLeakNotices(board, manager, clock);
  new UseNotices(board, manager, transport, clock);
  state.onChange((current) => emit('stateChanged', current));

  const retryConnection = (): void => {
    manager.connection?.retryNow();
    void replay.run();
  };
  const signOut = async (): Promise<void> => {
    operations.stopAll();
    await manager.signOut();
  };
  const answers: Answers = {
    appInfo: () => ({ ...ports.info, deviceId: preferences.values.deviceId }),
    appState: () => state.current,
    describeServer: (address) => describeServer(transport, address),
    signIn: (request) => manager.signIn(request),
    reauthenticate: (request) => manager.reauthenticate(request),
    signOut: () => nothing(signOut),
    ensureSessionToken: () => manager.ensureSessionToken(),
    execute: (request) => operations.execute(request),
    subscribe: (request) => nothing(() => operations.subscribe(request)),
    unsubscribe: (id) => nothing(() => operations.unsubscribe(id)),
    copySecret: (text) => nothing(() => clipboard.copySecret(text)),
    copyText: (text) => nothing(() => clipboard.copyText(text)),
    openExternal: (url) => nothing(() => ports.openExternal(url)),
    retryConnection: () => nothing(retryConnection),
    ...helpers.answers,
  };
  return {
    answers,
    state,
    signOut,
    retryConnection,
    forgetWindow: () => operations.stopAll(),
    async start() {
      const keychain = (await ports.keychain.isAvailable()) ? 'KEYCHAIN' : 'MEMORY';
      state.change({ secretStorage: keychain });
      // The device's id is made in the first run, and has to be the same in the second.
      await preferences.change({});
      await manager.start();
      await replay.start();
      await helpers.start();
    },
    async stop() {
      await Promise.all([clipboard.clear(), helpers.stop(), manager.stop()]);
    },
  };
}

function createParts(ports: CorePorts) {
  const { clock, info, keychain, userDataDirectory } = ports;
  const inUserData = (name: string): string => join(userDataDirectory, name);
  const userAgent = `LatchkeyDesktop/${info.version} (${info.platform})`;
  const state = new StateHolder();
  const preferences = new Preferences(inUserData('preferences.json'));
  const transport = createHttpTransport(ports.fetch, userAgent);
  const webSocket = socketClass(userAgent);
  const replay = new SignOutReplay(
    new SecretFile(inUserData('pending-sign-outs.bin'), keychain, pendingSignOutsSchema),
    transport,
    clock,
    (pendingSignOutCount) => state.change({ pendingSignOutCount }),
  );
  const manager = new SessionManager({
    clock,
    transport,
    createConnection: (address, secret, events) =>
      new SubscriptionConnection({ address, secret, clock, webSocket, events }),
    file: new SecretFile(inUserData('session.bin'), keychain, storedSessionSchema),
    replay,
    preferences,
    device: {
      id: preferences.values.deviceId,
      name: info.deviceName,
      platform: info.platform,
      appVersion: info.version,
      keys: new DeviceKeys(
        new SecretFile(inUserData('device-keys.bin'), keychain, deviceKeysSchema),
      ),
    },
    state,
  });
  return { state, manager, transport, preferences, replay };
}

/** The answer of a channel that has none. */
async function nothing(work: () => void | Promise<void>): Promise<null> {
  await work();
  return null;
}
