import { EventEmitter } from 'node:events';

/**
 * `parts` as if it were all of `Whole`: the parts are checked against Electron's types, and whatever else is asked of
 * it throws with its name, so that a gap is loud.
 */
export function incomplete<Whole extends object, Key extends keyof Whole>(
  name: string,
  parts: Pick<Whole, Key>,
): Whole {
  return new Proxy(parts, {
    get(target, key, receiver) {
      // Promises, the inspector and loggers look for symbols and `then` on anything they meet.
      if (key in target || typeof key === 'symbol' || key === 'then' || key === 'toJSON') {
        return Reflect.get(target, key, receiver);
      }
      throw new Error(`The stand-in for Electron has no ${name}.${key}.`);
    },
  }) as unknown as Whole;
}

interface EmitterPart<Whole extends { on: unknown; once: unknown; removeListener: unknown }> {
  readonly emitter: EventEmitter;
  readonly parts: Pick<Whole, 'on' | 'once' | 'removeListener'>;
}

/** Listening as Electron's objects have it; Electron types each event by an overload of its own. */
export function emitterPart<
  Whole extends { on: unknown; once: unknown; removeListener: unknown },
>(): EmitterPart<Whole> {
  const emitter = new EventEmitter();
  return {
    emitter,
    parts: {
      on: emitter.on.bind(emitter),
      once: emitter.once.bind(emitter),
      removeListener: emitter.removeListener.bind(emitter),
    } as unknown as Pick<Whole, 'on' | 'once' | 'removeListener'>,
  };
}

/** An event that a listener may prevent. */
export class Preventable {
  isPrevented = false;
  preventDefault(): void {
    this.isPrevented = true;
  }
}
