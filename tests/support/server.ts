import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type Server = {
  readonly url: string;
  readonly pid: number;
  readonly said: () => string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
  readonly exited: Promise<number | null>;
};

const READY_MS = 60_000;

/** A real server process, as `npm start` runs it, on a port the system chooses. */
export function spawnServer(env: Readonly<Record<string, string>>): {
  readonly child: ChildProcess;
  readonly ready: Promise<Server>;
  readonly exited: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['composition/main.ts'], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', HOST: '127.0.0.1', BCRYPT_COST: '4', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const ready = new Promise<Server>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time: ${said}`)), READY_MS);
    void exited.then((code) => reject(new Error(`ended with ${code}: ${said}`)));
    const listen = (text: Buffer): void => {
      said += text.toString();
      const url = /ready on (http:\S+)/.exec(said)?.[1];
      if (url === undefined || !said.includes('Ctrl-C stops it')) return; // Its last word.
      clearTimeout(timer);
      const kill = async (signal: NodeJS.Signals) => {
        child.kill(signal);
        return exited;
      };
      resolve({ url, pid: child.pid ?? 0, said: () => said, kill, exited });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
  });
  ready.catch(() => child.kill('SIGKILL'));
  return { child, ready, exited };
}
