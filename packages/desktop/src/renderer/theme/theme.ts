import {
  Checkbox,
  createTheme,
  defaultVariantColorsResolver,
  Input,
  type MantineColorsTuple,
  Modal,
  Radio,
  Tooltip,
  type VariantColorsResolver,
} from '@mantine/core';

/** The accent. Kept in step with `--mantine-color-brass-*` in theme.css, which is what is painted. */
const BRASS: MantineColorsTuple = [
  '#fff8eb',
  '#fdeccb',
  '#fbdca0',
  '#f5c777',
  '#f0b45a',
  '#dd8f2c',
  '#c97116',
  '#b45309',
  '#924008',
  '#78350f',
];

/** Text on a filled button reads from the scheme: white on dark brass, near black on light brass. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant !== 'filled') return colors;
  const color = input.color ?? 'brass';
  return { ...colors, color: `var(--lk-on-${color}, var(--mantine-color-white))` };
};

/**
 * What Mantine needs to know in script. Every colour, size and font is a variable in theme.css: nothing writes a style
 * element at run time, so the page's policy can refuse them.
 */
export const theme = createTheme({
  primaryColor: 'brass',
  colors: { brass: BRASS },
  variantColorResolver,
  respectReducedMotion: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    Checkbox: Checkbox.extend({ defaultProps: { iconColor: 'var(--lk-on-brass)' } }),
    Radio: Radio.extend({ defaultProps: { iconColor: 'var(--lk-on-brass)' } }),
    // Nearly every field is needed; a star at each would say nothing.
    InputWrapper: Input.Wrapper.extend({ defaultProps: { withAsterisk: false } }),
    // The page behind a dialog does not scroll anyway; the lock would write a style element.
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        centered: true,
        transitionProps: { duration: 150, transition: 'fade' },
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.45 },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, transitionProps: { duration: 100 } },
    }),
  },
});
