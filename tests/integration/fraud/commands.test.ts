import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FraudModel } from '#domain/fraud/learning/model.ts';
import { csvOf, generateStream } from '#tests/support/card-stream.ts';

const ROWS = generateStream({ seed: 7, days: 66, customers: 250, terminals: 500, terminalsADay: 0.4, customersADay: 0.4 });
const SPLIT = ['--train-from', '2018-05-10'];
const HEADER = 'tx_id,t_seconds,customer_id,terminal_id,amount,fraud,scenario';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraud-'));
  await writeFile(at('stream.csv'), csvOf(ROWS));
  const middle = Math.floor(ROWS.length / 2);
  await writeFile(at('second.csv.gz'), gzipSync(csvOf(ROWS.slice(middle - 50), { hasScenario: false })));
  await writeFile(at('first.csv.gz'), gzipSync(`${csvOf(ROWS.slice(0, middle)).replaceAll('\n', '\r\n')}\r\n`));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a command of the project to its end, as `npm run` would. */
const run = (command: 'train' | 'evaluate', ...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`composition/fraud/${command}.ts`, ...args], { timeout: 100_000 });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });

/** The figures of the row that begins with a name. */
function figuresOf(out: string, name: string): readonly number[] {
  const row = out.split('\n').find((line) => line.trim().startsWith(name));
  return [...(row ?? '').slice(40).matchAll(/\d\.\d{3}/g)].map(Number);
}

describe('fraud:train', () => {
  it('writes a whole model, the same for the same stream however it is cut into files', async () => {
    const [one, two] = await Promise.all([
      run('train', '--from', at('stream.csv'), ...SPLIT, '--out', at('one.json')),
      run('train', '--from', at('second.csv.gz'), '--from', at('first.csv.gz'), ...SPLIT, '--out', at('two.json')),
    ]);
    expect(one).toMatchObject({ code: 0 });
    expect(two.err).toContain('50 payments were given more than once');
    expect(await readFile(at('two.json'), 'utf8')).toBe(await readFile(at('one.json'), 'utf8'));
    const model = JSON.parse(await readFile(at('one.json'), 'utf8')) as FraudModel;
    expect(FraudModel.check(model).ok).toBe(true);
    expect(one.out).toContain(`model         ${model.version}`);
    expect(one.out).toContain('to 2018-05-16');
  });
});

describe('fraud:evaluate', () => {
  it('prints ours beside the published, far better than the base rate, and never above the bound', async () => {
    const { code, out } = await run('evaluate', '--from', at('stream.csv'), ...SPLIT, '--out', at('evaluated.json'));
    expect(code).toBe(0);
    expect(out).toContain('2018-05-24 to 2018-05-30');
    const [auc, ap] = figuresOf(out, 'ours, all labelled history') as [number, number, number];
    const [, bound] = figuresOf(out, 'the bound') as [number, number, number];
    expect(auc).toBeGreaterThan(0.7);
    expect(ap).toBeGreaterThan(0.4);
    expect(ap).toBeLessThanOrEqual(bound);
    expect(out).not.toContain('LEAKAGE');
    expect(figuresOf(out, 'XGBoost')).toEqual([0.862, 0.639, 0.273]);
    expect(out).toMatch(/A payment takes \d+\.\d microseconds/);
    expect(FraudModel.check(JSON.parse(await readFile(at('evaluated.json'), 'utf8')) as FraudModel).ok).toBe(true);
  });

  it('tests weeks in a row, the last that fits at the end, and a model that was trained before', async () => {
    await run('train', '--from', at('stream.csv'), '--train-from', '2018-05-05', '--out', at('given.json'));
    const { version } = JSON.parse(await readFile(at('given.json'), 'utf8')) as FraudModel;
    const { code, out } = await run('evaluate', '--from', at('stream.csv'), '--folds', '2', '--model', at('given.json'));
    expect(code).toBe(0);
    expect(out).toContain('2018-05-23 to 2018-06-05, 2 test weeks');
    expect(figuresOf(out, `the model ${version}`)).toHaveLength(6);
    expect(figuresOf(out, 'balanced bagging')).toEqual([0.879, 0.68, 0.305]);
  });

  it('does without scenarios, and says so', async () => {
    await writeFile(at('bare.csv'), csvOf(ROWS, { hasScenario: false }));
    const { code, out } = await run('evaluate', '--from', at('bare.csv'), ...SPLIT);
    expect([code, out.includes('The bound needs the column scenario')]).toEqual([0, true]);
  });
});

describe('what cannot be', () => {
  const row = '0,31,596,3156,57.16,0,0';
  it.each<[string, string, string]>([
    ['another header', 'id,time\n1,2', 'row 1: the header lacks tx_id, t_seconds, customer_id, terminal_id, amount, fraud'],
    ['nothing', '', 'it is empty'],
    ['a header alone', HEADER, 'there is no payment in it'],
    ['an amount that is none', `${HEADER}\n${row}\n1,32,596,3156,abc,0,0`, 'row 3: amount "abc"'],
    ['a negative amount', `${HEADER}\n1,32,596,3156,-1,0,0`, 'row 2: amount "-1"'],
    ['a time that is none', `${HEADER}\n1,1.5,596,3156,1,0,0`, 'row 2: t_seconds "1.5"'],
    ['a row cut short', `${HEADER}\n\n${row}\n1,32,596`, 'row 4: terminal_id ""'],
    ['a label that is none', `${HEADER}\n1,32,596,3156,1,2,0`, 'row 2: fraud "2"'],
    ['a scenario that is none', `${HEADER}\n1,32,596,3156,1,1,9`, 'row 2: scenario "9"'],
    ['an id that is too large', `${HEADER}\n9999999999,32,596,3156,1,1,1`, 'row 2: tx_id "9999999999"'],
  ])('a file with %s', async (name, text, message) => {
    const file = at(`${name.replaceAll(' ', '-')}.csv`);
    await writeFile(file, text);
    const { code, out, err } = await run('train', '--from', file, '--out', at('never.json'));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(file);
    expect(err).not.toContain('    at ');
  });

  it.each<[string, () => readonly string[], number, string]>([
    ['no file', () => [], 64, '--from: which file?'],
    ['a file that is not there', () => ['--from', at('absent.csv')], 1, 'there is no such file'],
    ['a folder', () => ['--from', folder], 1, 'it is a folder'],
    ['an option that is none', () => ['--from', at('stream.csv'), '--fast'], 64, '--fast'],
    ['a day that is none', () => ['--from', at('stream.csv'), '--train-from', '2018-02-30'], 64, '--train-from 2018-02-30'],
    ['a number that is none', () => ['--from', at('stream.csv'), '--seed', 'x'], 64, '--seed x'],
    ['no days', () => ['--from', at('stream.csv'), '--test-days', '0'], 64, '--test-days 0'],
    ['days before the stream', () => ['--from', at('stream.csv'), '--train-from', '2018-03-01'], 64, 'before --epoch'],
    ['days that do not fit', () => ['--from', at('stream.csv')], 64, 'does not fit the stream, which goes from 2018-04-01 to 2018-06-05'],
    ['more weeks than there are', () => ['--from', at('stream.csv'), '--folds', '9'], 64, 'does not fit'],
    ['a model that is none', () => ['--from', at('stream.csv'), '--model', at('stream.csv')], 64, 'it is not a model'],
    ['a model that is not there', () => ['--from', at('stream.csv'), '--model', at('absent.json')], 64, 'there is no such file'],
  ])('%s', async (_, args, wanted, message) => {
    const { code, out, err } = await run('evaluate', ...args());
    expect({ code, out }).toEqual({ code: wanted, out: '' });
    expect(err).toContain(message);
  });

  it('days without a payment', async () => {
    await writeFile(at('gap.csv'), csvOf(ROWS.filter((row) => row.at < 20 * 86_400 || row.at > 40 * 86_400)));
    const learned = await run('evaluate', '--from', at('gap.csv'), '--train-from', '2018-05-01');
    expect([learned.code, learned.err.includes('no payment on the training days')]).toEqual([64, true]);
    const tested = await run('evaluate', '--from', at('gap.csv'), '--train-from', '2018-04-10');
    expect([tested.code, tested.err.includes('no payment to test on')]).toEqual([64, true]);
  });

  it('a gzip file that is cut off', async () => {
    await writeFile(at('cut.csv.gz'), gzipSync(csvOf(ROWS.slice(0, 500))).subarray(0, 900));
    const { code, err } = await run('train', '--from', at('cut.csv.gz'));
    expect([code, err.includes('it is not a whole gzip file')]).toEqual([1, true]);
  });

  it('a model that learned from the days it would be tested on', async () => {
    await run('train', '--from', at('stream.csv'), '--train-from', '2018-05-20', '--out', at('late.json'));
    const { code, err } = await run('evaluate', '--from', at('stream.csv'), ...SPLIT, '--model', at('late.json'));
    expect([code, err.includes('labels were not in')]).toEqual([64, true]);
  });
});
