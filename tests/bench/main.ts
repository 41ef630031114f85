import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHES: Readonly<Record<string, string>> = { orders: 'place-order.ts', realtime: 'realtime.ts', mail: 'mail.ts' };
const USAGE = `npm run bench [-- ${Object.keys(BENCHES).join(' | ')} | all] [--help and what else the bench takes]

Without a name it is \`orders\`. \`all\` runs one after the other.
`;

/** Runs one bench in a process of its own; its exit code. */
const run = (file: string, args: readonly string[]): number =>
  spawnSync(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], { stdio: 'inherit' }).status ?? 1;

const [first = 'orders', ...more] = process.argv.slice(2);
const [name, args] = first.startsWith('--') ? ['orders', process.argv.slice(2)] : [first, more];
const files = name === 'all' ? Object.values(BENCHES) : [BENCHES[name]];
if (files.some((file) => file === undefined)) {
  process.stderr.write(USAGE);
  process.exit(2);
}
process.exit(files.reduce((worst, file) => Math.max(worst, run(file as string, args)), 0));
