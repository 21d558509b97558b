/** What one measurement found: how it was done, its figures, and whether they meet their targets. */
export interface Section {
  readonly title: string;
  readonly method: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly targets: readonly Target[];
}

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

/** The section as Markdown. */
export function render({ title, method, columns, rows, targets }: Section): string {
  const lines = [columns, columns.map((_, index) => (index === 0 ? '---' : '--:')), ...rows];
  const table = lines.map((cells) => `| ${cells.map(shown).join(' | ')} |`);
  const decisions = targets.map(({ text, met }) => `- ${met ? 'met' : 'MISSED'}: ${text}`);
  return [`## ${title}`, ...method, '', ...table, '', ...decisions, ''].join('\n');
}

/** Three digits are more than these figures can be trusted with. */
function shown(value: string | number): string {
  if (typeof value === 'string') return value;
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(+value.toPrecision(3));
}

/** A measurement that could not be made here. */
export function skipped(title: string, why: string): Section {
  return { title, method: [`Skipped: ${why}`], columns: [], rows: [], targets: [] };
}

export function atMost(what: string, value: number, limit: number): Target {
  return { text: `${what}: ${shown(value)}, at most ${limit}`, met: value <= limit };
}

export function atLeast(what: string, value: number, limit: number): Target {
  return { text: `${what}: ${shown(value)}, at least ${limit}`, met: value >= limit };
}
