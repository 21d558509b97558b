/**
 * What is wrong with parameters of which each may stand once: a repeated one, since which one counts would be a guess, and an
 * unknown one where `known` is given, since a mistyped one would otherwise ask for nothing.
 * @param repeatable those that may stand several times
 * @returns a sentence; undefined where nothing is wrong
 */
export function problemOfParameters(
  parameters: URLSearchParams,
  { known, repeatable = [] }: { known?: readonly string[]; repeatable?: readonly string[] },
): string | undefined {
  const seen = new Set<string>();
  for (const name of parameters.keys()) {
    if (known !== undefined && !known.includes(name)) {
      return `There is no parameter ${JSON.stringify(name.slice(0, 50))} here. The parameters are ${known.join(', ')}.`;
    }
    if (seen.has(name) && !repeatable.includes(name)) {
      return `The parameter ${JSON.stringify(name.slice(0, 50))} stands several times. Send it once.`;
    }
    seen.add(name);
  }
  return undefined;
}
