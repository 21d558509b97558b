import { ApolloLink } from '@apollo/client';
import { backoffMs } from '@latchkey/shared';
import { OperationTypeNode } from 'graphql';
import { repeat, retry, tap, timer } from 'rxjs';

/**
 * Begins a subscription anew that the server refused or ended, after waits that grow, for as long as somebody wants it.
 * `onAgain` is called each time: what happened in between has to be asked for.
 */
export function createLastingSubscriptions(onAgain: () => void): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (operation.operationType !== OperationTypeNode.SUBSCRIPTION) return forward(operation);
    let attempt = 0;
    const delay = () => timer(backoffMs(attempt++)).pipe(tap(onAgain));
    return forward(operation).pipe(
      tap(({ data }) => {
        if (data) attempt = 0;
      }),
      retry({ delay }),
      repeat({ delay }),
    );
  });
}
