import { BarChart } from '@mantine/charts';
import { counted } from '../../components/labels.js';
import styles from './usage-chart.module.css';

interface UsageDay {
  /** `YYYY-MM-DD`, in UTC. */
  readonly date: string;
  readonly allowed: number;
  readonly refused: number;
}

const SERIES = [
  { name: 'allowed', label: 'Allowed', color: 'var(--lk-chart-allowed)' },
  { name: 'refused', label: 'Refused', color: 'var(--lk-chart-refused)' },
];
const CHART_HEIGHT = 116;

const shortDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

/** Uses by day and outcome. The figures stand in its text too, for people who cannot see the bars. */
export function UsageChart({ days }: { days: readonly UsageDay[] }) {
  const allowed = days.reduce((sum, day) => sum + day.allowed, 0);
  const refused = days.reduce((sum, day) => sum + day.refused, 0);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span className={styles.key} data-outcome="allowed">
          {counted(allowed, 'use')} allowed
        </span>
        <span className={styles.key} data-outcome="refused">
          {counted(refused, 'use')} refused
        </span>
      </figcaption>
      <div aria-hidden="true">
        <BarChart
          h={CHART_HEIGHT}
          data={days.map((day) => ({ ...day, day: dayName(day.date) }))}
          dataKey="day"
          type="stacked"
          series={SERIES}
          withYAxis
          yAxisProps={{ width: 36, allowDecimals: false }}
          xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 32 }}
          // The figures above say what a reader needs; the bars are for eyes alone.
          // The top line's figure needs half a line above it.
          barChartProps={{ accessibilityLayer: false, margin: { top: 8 } }}
          barProps={{ isAnimationActive: false }}
          tooltipAnimationDuration={0}
          gridAxis="x"
          tickLine="none"
        />
      </div>
    </figure>
  );
}

function dayName(date: string): string {
  const timeMs = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(timeMs) ? date : shortDay.format(timeMs);
}
