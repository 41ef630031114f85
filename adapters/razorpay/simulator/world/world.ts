import { createFaults, type Faults } from '../faults/rules.ts';
import { createWebhooks, type Deliver, type Webhooks } from '../webhooks/webhooks.ts';
import { type Chance, chanceOf } from './chance.ts';
import { type Account, type Keys, LOG_MAX, type LogLine } from './records.ts';
import { DEFAULTS, type Settings } from './settings.ts';
import { emptyTables, type Tables } from './tables.ts';
import { createTimeline, type Timeline, type TimeOptions } from './timeline.ts';

export type WorldOptions = TimeOptions & {
  readonly seed: number;
  readonly keys: Keys;
  readonly settings?: Partial<Settings>;
  readonly publicUrl: string;
  readonly deliver: Deliver;
};

/** What every machine works with. */
export type World = {
  readonly settings: Settings;
  readonly tables: Tables;
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly keys: Keys;
  readonly account: Account;
  readonly publicUrl: string;
  readonly chance: Chance;
  readonly log: LogLine[];
  /** `pay_` and fourteen letters or digits. */
  id(prefix: string): string;
  /** Unix seconds. */
  now(): number;
  after(seconds: number, run: () => unknown): void;
  note(line: Omit<LogLine, 'at'>): void;
};

export function createWorld(options: WorldOptions): World {
  const chance = chanceOf(options.seed);
  const ids = chance.fork('ids');
  const timeline = createTimeline(options);
  const log: LogLine[] = [];
  const note = (line: Omit<LogLine, 'at'>): void => {
    log.push({ at: timeline.now(), ...line });
    if (log.length > LOG_MAX) log.shift();
  };
  const settings = { ...DEFAULTS, ...options.settings };
  const faults = createFaults(options.seed);
  const id = (prefix: string): string => `${prefix}_${ids.text(14)}`;
  const account = { id: id('acc') };
  const webhooks = createWebhooks({ settings, timeline, faults, chance: chance.fork('webhooks'), account, deliver: options.deliver, note });

  return {
    settings,
    tables: emptyTables(),
    timeline,
    faults,
    webhooks,
    keys: options.keys,
    account,
    publicUrl: options.publicUrl,
    chance: chance.fork('world'),
    log,
    id,
    now: () => Math.floor(timeline.now() / 1_000),
    after: (seconds, run) => timeline.at(timeline.now() + seconds * 1_000, run),
    note,
  };
}
