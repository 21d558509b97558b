import { TextInput } from '@mantine/core';

/** The six digits of the authenticator app, once the server has asked for them. */
export function OneTimePasswordInput(props: { value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      label="One-time password"
      description="The six digits that your authenticator app shows now."
      autoComplete="one-time-code"
      inputMode="numeric"
      required
      autoFocus
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value.trim())}
    />
  );
}
