import { ContainerModule } from 'inversify';
import { type TwilioSimulator, twilioSimulator } from '#adapters/twilio/simulator.ts';
import { twilioSms } from '#adapters/twilio/sms.ts';
import { webPush } from '#adapters/web-push/push.ts';
import { Inbox } from '#composition/modules/inbox.ts';
import { PushService } from './push-service.ts';

const ACCOUNT = { accountSid: 'AC00000001', authToken: 'token' };

/** Puts a provider of text messages and a push service that the test can look into in place of those of the world. */
export class Bells {
  readonly sms: TwilioSimulator = twilioSimulator(ACCOUNT);
  readonly push = new PushService();

  override(): ContainerModule {
    return new ContainerModule(({ rebind }) => {
      rebind(Inbox.sms).toConstantValue(twilioSms({ ...ACCOUNT, from: '+15005550006', baseUrl: 'https://sms.test', fetch: this.sms.fetch }));
      rebind(Inbox.push).toConstantValue(webPush({ poster: this.push, secret: Buffer.alloc(32, 9), contact: 'mailto:ops@thali.test' }));
    });
  }

  /** The titles of what a browser was rung with. */
  titles = (endpoint: string): string[] =>
    this.push.received.filter(({ browser }) => browser === endpoint).map(({ text }) => (JSON.parse(text) as { readonly title: string }).title);
}
