import { parseArgs } from 'node:util';
import { DAY_SECONDS } from '#domain/fraud/benchmark/card-payment.ts';
import type { Split } from '#domain/fraud/benchmark/protocol.ts';

/** The command was not understood; the message says what it does not understand. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

export const OPTIONS_USAGE = `  --from FILE          a labelled stream, CSV or CSV.gz: tx_id,t_seconds,customer_id,terminal_id,amount,fraud and perhaps scenario;
                       give it several times for several files, which are merged by time
  --epoch DATE         the day t_seconds counts from (2018-04-01)
  --train-from DATE    the first day of training (2018-07-25)
  --train-days N       (7)
  --delay-days N       how late labels are, and the days between training and test (7)
  --test-days N        (7)
  --seed N             (1)
  --out FILE           where to write the model, as JSON`;

export type Options = {
  readonly files: readonly string[];
  readonly epochDay: number;
  readonly split: Split;
  /** Whether --train-from was given. */
  readonly isFixed: boolean;
  readonly folds: number | undefined;
  readonly seed: number;
  readonly out: string | undefined;
  readonly model: string | undefined;
};

const DEFAULTS = { epoch: '2018-04-01', trainFrom: '2018-07-25', days: '7' };
const DAYS_MAX = 366;
const FOLDS_MAX = 52;
const TEXT = { type: 'string' } as const;

export function readOptions(args: readonly string[]): Options {
  const { values } = parsed(args);
  if (values.from === undefined) throw new BadUsage('--from: which file?');
  const epochDay = dayOf('epoch', values.epoch ?? DEFAULTS.epoch);
  const trainFrom = dayOf('train-from', values['train-from'] ?? DEFAULTS.trainFrom) - epochDay;
  if (trainFrom < 0) throw new BadUsage('--train-from is before --epoch, when the stream begins');
  const days = (name: 'train-days' | 'delay-days' | 'test-days') => whole(name, values[name] ?? DEFAULTS.days, 1, DAYS_MAX);
  return {
    files: values.from,
    epochDay,
    split: { trainFrom, trainDays: days('train-days'), delayDays: days('delay-days'), testDays: days('test-days') },
    isFixed: values['train-from'] !== undefined,
    folds: values.folds === undefined ? undefined : whole('folds', values.folds, 1, FOLDS_MAX),
    seed: whole('seed', values.seed ?? '1', 0, 2 ** 31 - 1),
    out: values.out,
    model: values.model,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        from: { type: 'string', multiple: true },
        epoch: TEXT,
        'train-from': TEXT,
        'train-days': TEXT,
        'delay-days': TEXT,
        'test-days': TEXT,
        folds: TEXT,
        seed: TEXT,
        out: TEXT,
        model: TEXT,
      },
    });
  } catch (error) {
    throw new BadUsage((error as Error).message);
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw new BadUsage(`--${name} ${text}: a whole number from ${min} to ${max}`);
  return value;
}

/** Days since 1970. */
function dayOf(name: string, text: string): number {
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text)) {
    throw new BadUsage(`--${name} ${text}: a day like 2018-07-25`);
  }
  return ms / 1_000 / DAY_SECONDS;
}

/** For people. */
export const dateOf = ({ epochDay }: Pick<Options, 'epochDay'>, day: number): string =>
  new Date((epochDay + day) * DAY_SECONDS * 1_000).toISOString().slice(0, 10);
