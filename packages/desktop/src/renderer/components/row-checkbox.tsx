import { useEffect, useRef } from 'react';
import styles from './row-checkbox.module.css';

interface RowCheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  /** Some of what it stands for is checked. */
  readonly indeterminate?: boolean;
  readonly disabled: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A list's checkbox. Mantine's is ten components, which fifty rows at once would make people wait for. */
export function RowCheckbox(props: RowCheckboxProps) {
  const { indeterminate = false } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return (
    <input
      ref={input}
      type="checkbox"
      className={styles.box}
      aria-label={props.label}
      checked={props.checked}
      disabled={props.disabled}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}
