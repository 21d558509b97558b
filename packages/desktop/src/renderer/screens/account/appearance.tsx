import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import styles from './account.module.css';

const SCHEMES = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      className={styles.appearance ?? ''}
      size="sm"
      aria-label="Appearance"
      data={SCHEMES}
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
    />
  );
}
