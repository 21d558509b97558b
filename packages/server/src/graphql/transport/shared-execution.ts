import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  Kind,
  subscribe,
} from 'graphql';
import { type Context, reachOf } from '../context.js';

type Answers = Map<string, ExecutionResult | Promise<ExecutionResult>>;

/** What a use looks like depends on nothing but who may see it; of sessions it also depends on which one asks. */
const SHARED_FIELD = 'usageEventRecorded';

/**
 * GraphQL's `subscribe`, but for one thing: of uses, which come by the thousand, sockets that asked the same with the same
 * reach share one execution an event. Each has its own source stream, so that what it may see, and its end, stay its own. An event is the same object in every
 * stream, and what was answered about it goes with it.
 */
export function createSubscribe() {
  const answersByEvent = new WeakMap<object, Answers>();
  return async (args: ExecutionArgs) => {
    if (rootFieldOf(args) !== SHARED_FIELD) return subscribe(args);
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const key = keyOf(args);
    return answerEach(source as AsyncIterable<object>, (event) => {
      const answers = answersByEvent.get(event) ?? new Map();
      answersByEvent.set(event, answers);
      const answer = answers.get(key) ?? execute({ ...args, rootValue: event });
      answers.set(key, answer);
      return answer;
    });
  };
}

/** Not a generator: one would keep its source open until the next event after a socket has gone. */
function answerEach(
  source: AsyncIterable<object>,
  answer: (event: object) => ExecutionResult | Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const events = source[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await events.next();
      return done ? { done, value } : { done: false, value: await answer(value) };
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function rootFieldOf({ document, operationName }: ExecutionArgs): string | undefined {
  const [field] = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  return field?.kind === Kind.FIELD ? field.name.value : undefined;
}

/** Nothing else goes into the answer about a use. */
function keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
  const { accountId, onlyTokenId } = reachOf(contextValue as Context);
  const text = document.loc?.source.body;
  return JSON.stringify([text, operationName, variableValues, accountId, onlyTokenId]);
}
