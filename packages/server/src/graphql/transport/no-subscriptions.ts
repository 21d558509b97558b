import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';

/** Says where subscriptions are served; executed as a query, one would fail for want of an event. */
export const noSubscriptions: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
        throw new GraphQLError(
          'A subscription needs a WebSocket: open one at this address, by graphql-transport-ws.',
          {
            extensions: { code: 'BAD_REQUEST', http: { status: 400, headers: new HeaderMap() } },
          },
        );
      },
    };
  },
};
