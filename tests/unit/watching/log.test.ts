import { mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pinoLog } from '#adapters/pino/log.ts';
import { reported } from '#adapters/shared/platform/reported-log.ts';
import { runInRequest } from '#adapters/shared/request-context.ts';

const REQUEST = { requestId: 'mine', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' };

function file() {
  const path = join(mkdtempSync(join(tmpdir(), 'thali-log-')), 'nested', 'thali.log');
  const log = pinoLog('info', path);
  const lines = (at = path) => {
    log.flush();
    return readFileSync(at, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { path, log, lines };
}
/** A file is opened beside the program. */
const opened = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('the log in a file', () => {
  it('says for which request and trace each line was written, whoever writes it', async () => {
    const { log, lines } = file();
    await opened();
    log.info('before');
    await runInRequest(REQUEST, async () => {
      log.info('at once');
      await Promise.resolve();
      log.warn('later', { fact: 1 });
    });
    expect(lines()).toMatchObject([{ msg: 'before' }, { msg: 'at once', ...REQUEST }, { msg: 'later', level: 'warn', fact: 1, ...REQUEST }]);
    expect(lines()[0]).not.toHaveProperty('requestId');
  });

  it('is one line a line, whatever stands in it, and nothing that passes for another', async () => {
    const { log, lines } = file();
    await opened();
    const forged = 'x\n{"level":"info","msg":"forged"}\r\n\u2028\u0000';
    log.info(forged, { path: forged, [forged]: forged, level: 'forged' });
    const [line, ...others] = lines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ msg: forged, path: forged });
  });

  it('holds an error once, with its stack and its cause and without its secrets', async () => {
    const { log, lines } = file();
    await opened();
    const error = Object.assign(new Error('postgresql://thali:hunter2@db refused', { cause: new Error('Bearer hunter2hunter2') }), {
      config: { headers: { authorization: 'hunter2' } },
    });
    log.error('it failed', { error, password: 'hunter2', nested: { list: [{ accessToken: 'hunter2' }] } });
    const [line] = lines();
    expect(JSON.stringify(line)).not.toContain('hunter2');
    expect(line?.['error']).toMatchObject({ type: 'Error', stack: expect.stringMatching(/log\.test\.ts[\s\S]*caused by/) });
  });

  it('goes on in a new file once the old one was moved away', async () => {
    const { path, log, lines } = file();
    await opened();
    log.info('first');
    log.flush();
    renameSync(path, `${path}.1`);
    log.reopen();
    await opened();
    log.info('second');
    expect(lines().map(({ msg }) => msg)).toEqual(['second']);
    expect(lines(`${path}.1`).map(({ msg }) => msg)).toEqual(['first']);
  });

  it('writes nothing below its level', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'thali-log-')), 'thali.log');
    const log = pinoLog('warn', path);
    await opened();
    log.info('quiet');
    log.warn('loud');
    log.flush();
    expect(readFileSync(path, 'utf8')).not.toContain('quiet');
  });
});

it('a log whose errors are reported reports each once, and lines without one never', () => {
  const [written, told]: [string[], object[]] = [[], []];
  const write = (message: string) => void written.push(message);
  const log = reported({ info: write, warn: write, error: write }, { report: (report) => void told.push(report) });
  const error = new Error('x');
  log.info('a');
  log.warn('b', { error });
  log.error('c', { error, route: '/x' });
  log.error('d', { error: 'not an error' });
  expect(written).toEqual(['a', 'b', 'c', 'd']);
  expect(told).toEqual([{ message: 'c', error, facts: { route: '/x' } }]);
});
