import { ApolloProvider } from '@apollo/client/react';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { Suspense, useEffect, useMemo } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { SkeletonRows } from './components/waiting.js';
import { createGraphqlClient } from './graphql/client.js';
import { AccountScreen } from './screens/account/account-screen.js';
import { ActivityScreen } from './screens/activity/activity-screen.js';
import { NotFoundScreen } from './screens/not-found-screen.js';
import { SessionsScreen } from './screens/sessions/sessions-screen.js';
import { EntranceScreen } from './screens/sign-in/entrance-screen.js';
import { ListPlaceProvider } from './screens/tokens/list-place.js';
import { TokensScreen } from './screens/tokens/tokens-screen.js';
import { ErrorBoundary } from './shell/error-boundary.js';
import { lazyPage } from './shell/lazy-page.js';
import { guardNavigation } from './shell/leave-guard.js';
import { LiveUpdates } from './shell/live-updates.js';
import { Shell } from './shell/shell.js';
import { SignInReportProvider } from './shell/sign-in-report.js';
import { StartingScreen } from './shell/starting-screen.js';
import { TransportNotices } from './shell/transport-notices.js';
import { theme } from './theme/theme.js';
import type { Transport } from './transport/transport.js';
import {
  TransportProvider,
  useSignedIn,
  useTransport,
  useTransportState,
} from './transport/transport-context.js';

// With the calendar and the chart, these weigh more than all the rest: they come when they are opened.
const NewTokenScreen = lazyPage(() => import('./screens/new-token/new-token-screen.js'));
const TokenScreen = lazyPage(() => import('./screens/token/token-screen.js'));
// Where there is a use for it: the browser never loads it.
const IntegrationsScreen = lazyPage(() => import('./screens/integrations/integrations-screen.js'));
const NamespacesScreen = lazyPage(() => import('./screens/namespaces/namespaces-screen.js'));
const KeysAndServersScreen = lazyPage(() => import('./screens/admin/keys-and-servers-screen.js'));
const NewResourceServerScreen = lazyPage(
  () => import('./screens/admin/new-resource-server-screen.js'),
);
const ResourceServerScreen = lazyPage(() => import('./screens/admin/resource-server-screen.js'));
const RotateResourceServerScreen = lazyPage(
  () => import('./screens/admin/rotate-resource-server-screen.js'),
);
const RegistryKeyScreen = lazyPage(() => import('./screens/admin/registry-key-screen.js'));
const RotateRegistryKeyScreen = lazyPage(
  () => import('./screens/admin/rotate-registry-key-screen.js'),
);
const RotateScreen = lazyPage(() => import('./screens/token/rotate-screen.js'));

/** They lead to the list of tokens. The last two are where Docker Hub and Hugging Face have theirs. */
const LIST_ADDRESSES = ['/', '/index.html', '/settings/access-tokens', '/settings/tokens'];

export function App({ transport }: { transport: Transport }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <TransportProvider transport={transport}>
        <Router aroundNav={(navigate, to, options) => guardNavigation(() => navigate(to, options))}>
          <Notifications position="bottom-right" limit={4} />
          <ErrorBoundary>
            <SignInReportProvider>
              <TransportNotices />
              <EntranceOrPages />
            </SignInReportProvider>
          </ErrorBoundary>
        </Router>
      </TransportProvider>
    </MantineProvider>
  );
}

function EntranceOrPages() {
  const { phase, session } = useTransportState();
  if (phase === 'STARTING') return <StartingScreen />;
  if (session.status === 'SIGNED_OUT') return <EntranceScreen />;
  return <Pages key={session.account.id} />;
}

/** Keyed by the account: nothing of one person's is left for the next. */
function Pages() {
  const transport = useTransport();
  const client = useMemo(() => createGraphqlClient(transport.link), [transport]);
  const [location] = useLocation();
  const isAdministrator = useSignedIn().account.role === 'ADMINISTRATOR';
  useEffect(() => () => client.stop(), [client]);
  return (
    <ApolloProvider client={client}>
      <LiveUpdates>
        <ListPlaceProvider>
          <Shell>
            <ErrorBoundary key={location}>
              <Suspense fallback={<SkeletonRows label="The page is loading" />}>
                <Switch>
                  <Route path="/tokens" component={TokensScreen} />
                  <Route path="/tokens/new" component={NewTokenScreen} />
                  <Route path="/tokens/:id/rotate">
                    {({ id }) => <RotateScreen key={id} id={id} />}
                  </Route>
                  <Route path="/tokens/:id">{({ id }) => <TokenScreen key={id} id={id} />}</Route>
                  <Route path="/sessions" component={SessionsScreen} />
                  <Route path="/activity" component={ActivityScreen} />
                  {transport.integrations && (
                    <Route path="/integrations" component={IntegrationsScreen} />
                  )}
                  <Route path="/account" component={AccountScreen} />
                  <Route path="/account/namespaces" component={NamespacesScreen} />
                  {isAdministrator && <Route path="/admin/*?" component={AdminPages} />}
                  {LIST_ADDRESSES.map((path) => (
                    <Route key={path} path={path}>
                      <Redirect to="/tokens" replace />
                    </Route>
                  ))}
                  <Route component={NotFoundScreen} />
                </Switch>
              </Suspense>
            </ErrorBoundary>
          </Shell>
        </ListPlaceProvider>
      </LiveUpdates>
    </ApolloProvider>
  );
}

function AdminPages() {
  return (
    <Switch>
      <Route path="/admin" component={KeysAndServersScreen} />
      <Route path="/admin/resource-servers/new" component={NewResourceServerScreen} />
      <Route path="/admin/resource-servers/:id/rotate">
        {({ id }) => <RotateResourceServerScreen key={id} id={id} />}
      </Route>
      <Route path="/admin/resource-servers/:id">
        {({ id }) => <ResourceServerScreen key={id} id={id} />}
      </Route>
      <Route path="/admin/registry-keys/rotate" component={RotateRegistryKeyScreen} />
      <Route path="/admin/registry-keys/:kid">
        {({ kid }) => <RegistryKeyScreen key={kid} kid={kid} />}
      </Route>
      <Route component={NotFoundScreen} />
    </Switch>
  );
}
