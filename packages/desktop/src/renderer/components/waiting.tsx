import { Skeleton, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';

const PATIENCE_MS = 100;
/** Uneven, as text is. */
const LINE_WIDTHS = ['96%', '82%', '91%', '74%', '88%', '79%', '94%', '71%', '85%', '77%'];

/** True once something has been awaited for longer than people take for "at once". */
export function usePatienceOver(waiting: boolean): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setOver(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setOver(false);
    };
  }, [waiting]);
  return waiting && over;
}

/** Grey lines in the place of rows that are on their way, once it takes noticeably long. */
export function SkeletonRows({ label, count = 8 }: { label: string; count?: number }) {
  if (!usePatienceOver(true)) return null;
  return (
    <div role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {LINE_WIDTHS.slice(0, count).map((width) => (
        <Skeleton key={width} height={14} my={18} radius="sm" width={width} />
      ))}
    </div>
  );
}
