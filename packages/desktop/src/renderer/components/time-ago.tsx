import { useNow } from './clock.js';
import { exactTime, relativeTime } from './time-text.js';
import unseen from './unseen.module.css';

/** A time as people say it, exact on hover and to screen readers. `at`: ISO 8601. */
export function TimeAgo({ at }: { at: string }) {
  const nowMs = useNow();
  const timeMs = Date.parse(at);
  // A server that sends no date must not take the page down.
  if (Number.isNaN(timeMs)) return <span>unknown</span>;
  const exact = exactTime(timeMs);
  return (
    <time dateTime={at} title={exact}>
      {relativeTime(timeMs, nowMs)}
      <span className={unseen.unseen}>, {exact}</span>
    </time>
  );
}
