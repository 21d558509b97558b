import { useMediaQuery } from '@mantine/hooks';

/** As in the style sheets: below this width a bar with a menu takes the rail's place, and tables become stacked rows. */
const NARROW = '(max-width: 56em)';

export function useNarrow(): boolean {
  return useMediaQuery(NARROW, false, { getInitialValueInEffect: false }) ?? false;
}
