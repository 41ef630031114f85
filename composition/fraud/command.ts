import { BadUsage, OPTIONS_USAGE, type Options, readOptions } from './options.ts';
import { BadStream } from './read-stream.ts';

/** Progress and complaints go to people; results to whoever reads the output. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`);
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs a command to its exit code: 0 done, 1 the stream is bad, 64 not understood. */
export async function runCommand(usage: string, run: (options: Options) => Promise<void>): Promise<void> {
  try {
    await run(readOptions(process.argv.slice(2)));
  } catch (error) {
    if (error instanceof BadUsage) tell(`${error.message}\n\n${usage}\n\n${OPTIONS_USAGE}`);
    else if (error instanceof BadStream) tell(error.message);
    else throw error;
    process.exitCode = error instanceof BadUsage ? 64 : 1;
  }
}
