/**
 * What the window's page finds as `window.bridge`, driven by a test: `window.main.tell(change)` changes main's state,
 * `window.main.calls` holds what was asked, `window.main.answers[method]` is what comes back. It is sent into the page as text.
 */
export const FAKE_BRIDGE = `
  const listeners = { stateChanged: [], subscriptionEvent: [], noticeRaised: [], routeRequested: [] };
  const on = (name) => (listener) => { listeners[name].push(listener); return () => {}; };
  let state = {
    phase: 'READY',
    session: { status: 'SIGNED_OUT', notice: null, lastUsername: null },
    serverAddress: null, secretStorage: 'KEYCHAIN', pendingSignOutCount: 0,
    connection: { status: 'IDLE', problem: null, retryAt: null },
  };
  const calls = [];
  const answers = {
    describeServer: { ok: true, value: { address: 'https://tokens.example.com', version: '0.1.0', setupRequired: false } },
    signIn: { ok: true, removedAccessTokens: [] },
    ensureSessionToken: { ok: true, value: null },
    execute: { ok: true, data: null, errors: [{ message: 'Not now.', extensions: { code: 'UNAVAILABLE' } }] },
    appInfo: { name: 'Latchkey', version: '0.1.0', platform: 'linux', electronVersion: '45', chromiumVersion: '150', deviceName: 'build-box', deviceId: 'd-1' },
  };
  const integration = (kind, configFile, rest) => ({
    kind, status: 'OFF', configFile, hosts: [], serverAddress: null, warnings: [], problem: null, ...rest,
  });
  answers.integrations = {
    isAnswering: true,
    docker: integration('DOCKER', '/home/mara/.docker/config.json'),
    git: integration('GIT', '/home/mara/.gitconfig', {
      status: 'ON', hosts: ['https://git.example.com'], serverAddress: 'https://tokens.example.com',
    }),
  };
  const line = (change) => (text) => ({ change, text });
  answers.previewIntegration = { ok: true, value: {
    hosts: ['registry.example.com'], configFile: '/home/mara/.docker/config.json', basis: 'basis-1',
    programFile: '/home/mara/.local/bin/docker-credential-latchkey',
    lines: [
      ...['{', '  "auths": {…},'].map(line('KEPT')),
      ...['  "credHelpers": {', '    "registry.example.com": "latchkey"', '  }'].map(line('ADDED')),
      line('KEPT')('}'),
    ],
  } };
  answers.installIntegration = { ok: true, value: integration('DOCKER', '/home/mara/.docker/config.json', {
    status: 'ON', hosts: ['registry.example.com'], serverAddress: 'https://tokens.example.com',
  }) };
  answers.removeIntegration = { ok: true, value: integration('GIT', '/home/mara/.gitconfig') };
  const ask = (name) => async (...parameters) => { calls.push([name, ...parameters]); return answers[name] ?? null; };
  window.main = {
    calls, answers,
    tell(change) { state = { ...state, ...change }; for (const listener of listeners.stateChanged) listener(state); },
    raise(name, event) { for (const listener of listeners[name]) listener(event); },
    signedIn: (rest) => ({ session: {
      status: 'SIGNED_IN', account: { id: 'a-1', username: 'mara', role: 'MEMBER' }, sessionId: 's-1',
      expiresAt: new Date(Date.now() + 20 * 86400000).toISOString(), warning: null,
      sessionToken: { status: 'LIVE', id: 't-1', hint: 'lka_…9kZs' }, ...rest,
    }, connection: { status: 'ONLINE', problem: null, retryAt: null } }),
  };
  window.bridge = {
    appState: async () => state,
    ...Object.fromEntries(['appInfo', 'describeServer', 'signIn', 'reauthenticate', 'signOut', 'ensureSessionToken',
      'execute', 'subscribe', 'unsubscribe', 'copySecret', 'copyText', 'openExternal', 'retryConnection',
      'integrations', 'previewIntegration', 'installIntegration', 'removeIntegration'].map((name) => [name, ask(name)])),
    onStateChanged: on('stateChanged'), onSubscriptionEvent: on('subscriptionEvent'),
    onNoticeRaised: on('noticeRaised'), onRouteRequested: on('routeRequested'),
  };
`;
