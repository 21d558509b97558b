import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { Notice } from '../../components/notice.js';
import { problemOf } from '../../transport/problem.js';
import type { Problem, Transport } from '../../transport/transport.js';

interface ServerAddressInputProps {
  readonly value: string;
  readonly onChange: (address: string) => void;
  readonly describe: NonNullable<Transport['serverChoice']>['describe'];
}

/** Looks at the server as soon as its address is given, so that a wrong one is known before a password is typed. */
export function ServerAddressInput({ value, onChange, describe }: ServerAddressInputProps) {
  const [problem, setProblem] = useState<Problem>();
  const [setupAt, setSetupAt] = useState<string>();
  const [looking, setLooking] = useState(false);
  // The look whose answer counts: under way, or of the address that was found.
  const current = useRef<{ readonly address: string }>(undefined);

  const look = async () => {
    const address = value.trim();
    if (address === '' || address === current.current?.address) return;
    const own = { address };
    current.current = own;
    setLooking(true);
    const outcome = await describe(address).catch((error: unknown) => ({
      ok: false as const,
      problem: problemOf(error),
    }));
    if (current.current !== own) return;
    setLooking(false);
    // What failed is looked at again: the same address may be right a moment later.
    current.current = outcome.ok ? outcome : undefined;
    setProblem(outcome.ok ? undefined : outcome.problem);
    setSetupAt(outcome.ok && outcome.setupRequired ? outcome.address : undefined);
    if (outcome.ok) onChange(outcome.address);
  };

  const change = (text: string) => {
    current.current = undefined;
    setLooking(false);
    setProblem(undefined);
    setSetupAt(undefined);
    onChange(text);
  };

  return (
    <>
      <TextInput
        label="Server address"
        placeholder="https://tokens.example.com"
        autoComplete="url"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus={value === ''}
        value={value}
        error={problem?.message}
        description={looking ? 'Looking for the server…' : undefined}
        onBlur={() => void look()}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {setupAt && (
        <Notice tone="info" title="Nobody has an account there yet.">
          Open the link that the server printed when it started, or <code>{setupAt}</code> with the
          set-up code, in a browser. Create the administrator’s account there first.
        </Notice>
      )}
    </>
  );
}
