import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
} from 'graphql';
import { type Context, reachOf } from './context.js';

type Answers = Map<string, ExecutionResult | Promise<ExecutionResult>>;

/**
 * GraphQL's `subscribe`, but for one thing: sockets that asked the same with the same reach share one execution an event.
 * Each has its own source stream, so that what it may see, and its end, stay its own. An event is the same object in every
 * stream, and what was answered about it goes with it.
 */
export function createSubscribe() {
  const answersByEvent = new WeakMap<object, Answers>();
  return async (args: ExecutionArgs) => {
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

/** Nothing else goes into an answer. */
function keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
  const { accountId, onlyTokenId } = reachOf(contextValue as Context);
  const text = document.loc?.source.body;
  return JSON.stringify([text, operationName, variableValues, accountId, onlyTokenId]);
}
