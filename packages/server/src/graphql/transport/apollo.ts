import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../../config.js';
import type { Context } from '../context.js';
import type { FormatError } from '../format-error.js';
import { OPERATION_LIMITS } from '../limits/operation-limits.js';
import { operationRules } from '../limits/operation-rules.js';
import { noSubscriptions } from './no-subscriptions.js';

/** Apollo Server over `schema`, started. Its own CSRF protection stays on, its landing page and batching off. */
export async function startApollo(
  schema: GraphQLSchema,
  formatError: FormatError,
  config: Pick<Config, 'introspection'>,
): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    schema,
    formatError,
    // Whether it is allowed is a rule of ours.
    introspection: true,
    validationRules: [...operationRules(config)],
    parseOptions: { maxTokens: OPERATION_LIMITS.tokens },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    // Cache control wraps every field's resolver; nothing here may be cached, and the transport says so.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      noSubscriptions,
    ],
  });
  await apollo.start();
  return apollo;
}
