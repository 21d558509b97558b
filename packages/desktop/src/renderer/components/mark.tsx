/** The mark: a keyhole in a rounded square. Beside the name it is decoration, so it has no text of its own. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="2" y="2" width="28" height="28" rx="8" fill="var(--mantine-color-brass-filled)" />
      <path
        fill="var(--lk-on-brass)"
        d="M16 8.5a4.75 4.75 0 0 0-2.4 8.85L12.2 23a.9.9 0 0 0 .87 1.12h5.86A.9.9 0 0 0 19.8 23l-1.4-5.65A4.75 4.75 0 0 0 16 8.5Z"
      />
    </svg>
  );
}
