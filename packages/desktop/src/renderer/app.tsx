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
  useTransport,
  useTransportState,
} from './transport/transport-context.js';

// With the calendar and the chart, these weigh more than all the rest: they come when they are opened.
const NewTokenScreen = lazyPage(() => import('./screens/new-token/new-token-screen.js'));
const TokenScreen = lazyPage(() => import('./screens/token/token-screen.js'));
// Where there is a use for it: the browser never loads it.
const IntegrationsScreen = lazyPage(() => import('./screens/integrations/integrations-screen.js'));
const RotateScreen = lazyPage(() => import('./screens/token/rotate-screen.js'));

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
                  <Route path="/">
                    <Redirect to="/tokens" replace />
                  </Route>
                  <Route path="/index.html">
                    <Redirect to="/tokens" replace />
                  </Route>
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
