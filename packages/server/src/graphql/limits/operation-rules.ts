import { GraphQLError, type ValidationRule } from 'graphql';
import type { Config } from '../../config.js';
import { operationLimits } from './operation-limits.js';

/** What operations are held to on both transports, beside the specification's own rules. */
export function operationRules({
  introspection,
}: Pick<Config, 'introspection'>): readonly ValidationRule[] {
  return introspection ? [operationLimits] : [operationLimits, noIntrospection];
}

/** In place of Apollo's and graphql-js' rules, whose words are for whoever programs the server. */
const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return;
    const message =
      'This server does not tell its schema: introspection is off. The schema is the file packages/shared/schema.graphql of its release.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
