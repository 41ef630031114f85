import { type Bound, CARDS_A_DAY, type Figures } from '#domain/fraud/benchmark/protocol.ts';

type Say = (line: string) => void;

const KEYS = ['auc', 'ap', 'cp'] as const;
const NAME_WIDTH = 46;
const CELL_WIDTH = 15;

/** One row a model: the mean over the weeks, and how far they spread when there are several. */
export function rowOf(name: string, weeks: readonly Figures[]): string {
  const cells = KEYS.map((key) => {
    const values = weeks.map((week) => week[key]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return (weeks.length > 1 ? `${mean.toFixed(3)} (${spread.toFixed(3)})` : mean.toFixed(3)).padStart(CELL_WIDTH);
  });
  return `  ${name.padEnd(NAME_WIDTH)}${cells.join('')}`;
}

export function sayHeader(title: string, say: Say): void {
  say('');
  say(title);
  say(`  ${''.padEnd(NAME_WIDTH)}${['AUC', 'AP', `CP@${CARDS_A_DAY}`].map((name) => name.padStart(CELL_WIDTH)).join('')}`);
}

/** What is better than anybody can be who waits for labels, however lucky, week by week. */
export function leaks(bounds: readonly (Bound | undefined)[], reached: readonly Figures[]): readonly string[] {
  return reached.flatMap((figures, week) => {
    const luckiest = bounds[week]?.luckiest;
    if (luckiest === undefined) return [];
    return KEYS.filter((key) => figures[key] > luckiest[key]).map(
      (key) => `week ${week + 1}: ${key.toUpperCase()} ${figures[key].toFixed(3)} is above ${luckiest[key].toFixed(3)}`,
    );
  });
}
