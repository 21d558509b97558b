import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Context } from '../context.js';
import type { FormatError } from '../format-error.js';
import type { OperationCheck } from '../limits/operation-check.js';
import { OPERATION_LIMITS } from '../limits/operation-limits.js';

/** Apollo Server over `schema`, started. Its own CSRF protection stays on, its landing page and batching off. */
export async function startApollo(
  schema: GraphQLSchema,
  check: OperationCheck,
  formatError: FormatError,
): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    schema,
    formatError,
    // Whether it is allowed is a rule of ours.
    introspection: true,
    // `checked` does it: Apollo would look for all that is wrong, and has no place for limits before that.
    dangerouslyDisableValidation: true,
    parseOptions: { maxTokens: OPERATION_LIMITS.tokens },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    // Cache control wraps every field's resolver; nothing here may be cached, and the transport says so.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      checked(check),
    ],
  });
  await apollo.start();
  return apollo;
}

function checked(check: OperationCheck): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request }) {
          const problem = check({ document, ...request });
          if (problem !== undefined) throw problem;
          // Executed as a query, a subscription would fail for want of an event.
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw needsSocket();
        },
      };
    },
  };
}

function needsSocket(): GraphQLError {
  return new GraphQLError(
    'A subscription needs a WebSocket: open one at this address, by graphql-transport-ws.',
    { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } },
  );
}
