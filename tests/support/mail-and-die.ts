import { ContainerModule } from 'inversify';
import { SmtpMailTransport } from '#adapters/smtp/mail-transport.ts';
import { createContainer } from '#composition/container.ts';
import { openDatabase } from '#composition/database.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { SILENT, testConfig } from './profiles.ts';

/** A process of its own that hands over the mail that is due, and is killed before it can write that down. */
const [url, smtp, secret] = process.argv.slice(2) as [string, string, string];
const { store } = await openDatabase({ kind: 'postgres', url, poolMax: 2 }, SILENT);
const real = new SmtpMailTransport({ url: smtp, from: testConfig.mail.from });
const deadly = {
  async send(message: Parameters<typeof real.send>[0]) {
    await real.send(message);
    process.kill(process.pid, 'SIGKILL');
    return { outcome: 'sent' } as const;
  },
  close: () => real.close(),
};
const container = createContainer(
  { config: testConfig, secret, log: SILENT, store },
  new ContainerModule(({ rebind }) => void rebind(Notifications.transport).toConstantValue(deadly)),
);
await container.get(Notifications.send)();
