import { type GraphQLSchema, isObjectType } from 'graphql';

/** The last turn that was promised to each operation. */
const turns = new WeakMap<object, Promise<void>>();

/**
 * Gives every field with a `complexity` a turn of the event loop, one after the other in an operation: such fields read what
 * they answer with, for each of two hundred rows perhaps, and together they would keep everybody waiting.
 */
export function resolveInTurn(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (field.extensions['complexity'] === undefined || resolve === undefined) continue;
      field.resolve = async (source, args, context: object, info) => {
        await turnOf(context);
        return resolve(source, args, context, info);
      };
    }
  }
}

function turnOf(context: object): Promise<void> {
  const before = turns.get(context) ?? Promise.resolve();
  const turn = before.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
  turns.set(context, turn);
  return turn;
}
