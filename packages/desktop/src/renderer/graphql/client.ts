import { ApolloClient, type ApolloLink, InMemoryCache } from '@apollo/client';

/** One cache for a sign-in; the next person on this machine starts with an empty one. */
export function createGraphqlClient(link: ApolloLink): ApolloClient {
  return new ApolloClient({
    link,
    cache: new InMemoryCache({
      typePolicies: {
        Namespace: { keyFields: ['name'] },
        RegistryKey: { keyFields: ['kid'] },
        Query: {
          fields: {
            viewer: { merge: true },
            serverInfo: { merge: true },
            // A token that some list brought already needs no question of its own.
            accessToken: {
              read: (existing, { args, toReference }) =>
                existing === undefined
                  ? toReference({ __typename: 'AccessToken', id: args?.id })
                  : existing,
            },
          },
        },
      },
    }),
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' } },
  });
}
