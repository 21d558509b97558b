import { useCallback, useState } from 'react';
import { ProblemError, problemOf } from '../transport/problem.js';
import type { Problem } from '../transport/transport.js';

export interface Task {
  readonly pending: boolean;
  readonly problem: Problem | null;
  /** Runs it; undefined where it failed, and then `problem` says why. */
  readonly run: <Result>(work: () => Promise<Result>) => Promise<Result | undefined>;
  readonly clear: () => void;
}

/** Something a person set going: whether it is under way, and what went wrong. */
export function useTask(): Task {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useCallback(async <Result>(work: () => Promise<Result>) => {
    setPending(true);
    setProblem(null);
    try {
      return await work();
    } catch (error) {
      setProblem(problemOf(error));
      return undefined;
    } finally {
      setPending(false);
    }
  }, []);
  const clear = useCallback(() => setProblem(null), []);
  return { pending, problem, run, clear };
}

/** An outcome's value, or its problem as an error for `run` to catch. */
export function must<Outcome extends { readonly ok: boolean }>(
  outcome: Outcome,
): Extract<Outcome, { readonly ok: true }> {
  if (isFailure(outcome)) throw new ProblemError(outcome.problem);
  return outcome as Extract<Outcome, { readonly ok: true }>;
}

function isFailure(outcome: {
  readonly ok: boolean;
}): outcome is { readonly ok: false; readonly problem: Problem } {
  return !outcome.ok;
}

/** The message about one field of the form, where the server refused it by name (`input.description`). */
export function fieldProblem(problem: Problem | null, name: string): string | undefined {
  return problem?.fields?.find(({ path }) => path === name || path.endsWith(`.${name}`))?.message;
}
