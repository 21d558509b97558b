import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { Notice } from '../../components/notice.js';
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
  const looked = useRef('');

  const look = async () => {
    const address = value.trim();
    if (address === '' || address === looked.current) return;
    looked.current = address;
    setLooking(true);
    const outcome = await describe(address);
    setLooking(false);
    // The address may have been changed while the answer was on its way.
    if (looked.current !== address) return;
    setProblem(outcome.ok ? undefined : outcome.problem);
    setSetupAt(outcome.ok && outcome.setupRequired ? outcome.address : undefined);
    if (outcome.ok) {
      looked.current = outcome.address;
      onChange(outcome.address);
    }
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
        onChange={(event) => {
          onChange(event.currentTarget.value);
          setProblem(undefined);
        }}
      />
      {setupAt && (
        <Notice tone="info" title="Nobody has an account there yet.">
          Open <code>{setupAt}</code> in a browser and make the administrator’s account first.
        </Notice>
      )}
    </>
  );
}
