import { getOperationAST, Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { GraphqlRequest } from '../../ipc/contract.js';

/** These answer with a session's own secrets, or end the session behind main's back: only main sends them. */
const OWNED_BY_MAIN = new Set(['signIn', 'signOut', 'ensureSessionToken']);

/**
 * What kind of operation a window asks for; throws where main will not send it. A window is trusted with data, never
 * with the credential, so what it sends is read before it is passed on.
 */
export function guardOperation(request: GraphqlRequest): 'query' | 'mutation' | 'subscription' {
  const document = parse(request.query, { maxTokens: 5_000, noLocation: true });
  const operation = getOperationAST(document, request.operationName);
  if (!operation) throw new Error('The operation is not named clearly.');
  for (const definition of document.definitions) {
    // Root fields can hide in a fragment, so every selection of the document is looked at.
    if ('selectionSet' in definition && mentions(definition.selectionSet)) {
      throw new Error('This operation belongs to the main process.');
    }
  }
  return operation.operation;
}

function mentions(selectionSet: OperationDefinitionNode['selectionSet']): boolean {
  return selectionSet.selections.some((selection) => {
    if (selection.kind === Kind.FIELD && OWNED_BY_MAIN.has(selection.name.value)) return true;
    return (
      'selectionSet' in selection &&
      selection.selectionSet !== undefined &&
      mentions(selection.selectionSet)
    );
  });
}
