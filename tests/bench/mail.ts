import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { mailWithin } from '#application/notifications/email/mail-within.ts';
import { SAMPLES } from '#application/notifications/email/samples.ts';
import { createContainer } from '#composition/container.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { freshDatabase, PROFILES, type Profile, SILENT, testConfig } from '../support/profiles.ts';

/** How many order confirmations a second leave through a mail server on this machine: `npm run bench -- mail -- --mails 1000`. */
const { values } = parseArgs({ options: { mails: { type: 'string', default: '1000' } } });
const MAILS = Math.min(20_000, Math.max(1, Number(values.mails)));
const BATCH = 500;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function measure(profile: Profile, sink: ChildProcess, smtpUrl: string): Promise<void> {
  const database = await freshDatabase(profile);
  const config = { ...testConfig, mail: { ...testConfig.mail, smtpUrl } };
  const container = createContainer({ config, secret: 'a-secret-that-only-the-bench-knows-000', log: SILENT, store: database.store });
  const [uow, queueing, send] = [container.get(Notifications.uow), container.get(Notifications.queueing), container.get(Notifications.send)];
  const queue = async (count: number, label: string) => {
    for (let from = 0; from < count; from += BATCH) {
      const drafts = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => ({
        key: `${label}:${from + i}`,
        to: `p${from + i}@bench.test`,
        template: 'order_confirmation' as const,
        facts: SAMPLES.order_confirmation,
      }));
      await uow.run(system('bench'), async ({ emails }) => ok(await mailWithin(emails, queueing).enqueueAll(drafts)));
    }
  };
  const drain = async () => {
    while ((await send()) > 0);
  };
  await queue(50, 'warm-up');
  await drain();
  sink.send('count');
  await once(sink, 'message');

  const began = performance.now();
  await queue(MAILS, 'bench');
  const queued = performance.now();
  await drain();
  const ended = performance.now();
  sink.send('count');
  const [arrived] = (await once(sink, 'message')) as [number];
  const perSecond = (ms: number): string => Math.round((MAILS * 1_000) / ms).toString();
  say(`${profile.padEnd(8)} queued ${perSecond(queued - began)}/s, sent ${perSecond(ended - queued)}/s; ${arrived} of ${MAILS} arrived`);
  await container.unbindAllAsync();
  await database.close();
}

const sink = fork('tests/bench/mail-sink.ts');
const [host] = (await once(sink, 'message')) as [string];
try {
  for (const profile of PROFILES) await measure(profile, sink, `smtp://${host}`);
} finally {
  sink.disconnect();
}
