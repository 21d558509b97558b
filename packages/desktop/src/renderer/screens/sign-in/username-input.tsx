import { TextInput, type TextInputProps } from '@mantine/core';

/** A name as it is typed and filled in by a password manager, never corrected. */
export function UsernameInput(props: TextInputProps) {
  return (
    <TextInput
      label="Username"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      {...props}
    />
  );
}
