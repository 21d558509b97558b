import type { ApolloClient } from '@apollo/client';
import { ServerInfoDocument, SignUpDocument } from '../graphql/generated/operations.js';
import { attempt } from './problem.js';
import type { Transport } from './transport.js';

/** A browser may make accounts: the first one of a new server, and any where sign-ups are open. */
export function createBrowserAccounts(client: ApolloClient): NonNullable<Transport['accounts']> {
  return {
    async policy() {
      const { data } = await client.query({ query: ServerInfoDocument });
      return {
        setupRequired: data?.serverInfo.setupRequired ?? false,
        signUpsOpen: data?.serverInfo.signUpsOpen ?? false,
      };
    },
    setupCode: takeSetupCode(),
    create: (input) =>
      attempt(() => client.mutate({ mutation: SignUpDocument, variables: { input } })),
  };
}

/**
 * The set-up code of the link that the server printed. It is in the fragment, which is sent to nobody, and leaves the
 * address bar as soon as it is read.
 */
function takeSetupCode(): string {
  const { hash, pathname, search } = window.location;
  const code = new URLSearchParams(hash.slice(1)).get('setup');
  if (code === null) return '';
  window.history.replaceState(window.history.state, '', pathname + search);
  return code;
}
