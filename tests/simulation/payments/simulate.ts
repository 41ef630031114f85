import { parseArgs } from 'node:util';
import { openOnce } from './stage.ts';
import { tell } from './story.ts';

const USAGE = `npm run simulate -- [--seeds 1000] [--from 1]

Tells that many stories of customers, staff, a payment provider and a network that fail in every way, heals, lets four days pass, and
demands every promise about money. A seed that breaks one is named: it tells the same story again with --from SEED --seeds 1.`;

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const [seeds, from] = [Number(values.seeds), Number(values.from)];
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(from)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(64);
}

const opening = await openOnce();
const happened = new Map<string, number>();
let failed = 0;
const began = performance.now();
for (let seed = from; seed < from + seeds; seed++) {
  const told = await tell(opening, seed);
  for (const [fault, times] of Object.entries(told.happened)) happened.set(fault, (happened.get(fault) ?? 0) + times);
  if (told.broken.length > 0) {
    failed += 1;
    process.stdout.write(`\nseed ${seed}\n${told.broken.map((line) => `  ${line}\n`).join('')}`);
  }
  if ((seed - from + 1) % 10 === 0) process.stderr.write(`\r${seed - from + 1} of ${seeds} stories, ${failed} broken`);
}
const seconds = (performance.now() - began) / 1_000;
process.stdout.write(`\n${seeds} stories in ${seconds.toFixed(1)} s, ${failed} broken\n`);
for (const [fault, times] of [...happened].sort()) process.stdout.write(`  ${fault.padEnd(28)} ${times} times\n`);
process.exit(failed === 0 ? 0 : 1);
