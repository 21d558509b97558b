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
    create: (input) =>
      attempt(() => client.mutate({ mutation: SignUpDocument, variables: { input } })),
  };
}
