import type { Notice } from '#domain/notifications/inbox/notice.ts';
import type { PushAddress, PushSubscription } from '#domain/notifications/inbox/push-subscription.ts';
import type { InboxDeps, Rung } from './ports.ts';
import type { Load } from './send-dispatches.ts';

/** One text message, by the alphabet of which 160 letters fit into one. */
const SMS_MAX = 320;
const PUSH_TTL_SECONDS = 24 * 60 * 60;

type Answer = { readonly rung: Rung; readonly gone: readonly PushSubscription[] };

/** Rings by one channel, outside any transaction. A push reaches a person when it reaches any of their browsers. */
export async function ring({ sms, push, seal, clock }: Pick<InboxDeps, 'sms' | 'push' | 'seal' | 'clock'>, load: Load): Promise<Answer> {
  const { dispatch, notices, phone, subscriptions } = load;
  if (dispatch.channel === 'sms') {
    const text = shortened(notices.length === 1 ? wordsOf(notices[0] as Notice) : gatheredWords(notices));
    const rung = phone === null ? ({ outcome: 'gone' } as const) : await sms.send({ id: dispatch.id, to: phone, text });
    return { rung, gone: [] };
  }
  const left = dispatch.expiresAt === null ? PUSH_TTL_SECONDS : Math.max(1, Math.floor((dispatch.expiresAt - clock.now()) / 1_000));
  const payload = JSON.stringify(notices.length === 1 ? payloadOf(notices[0] as Notice) : gatheredPayload(notices));
  const gone: PushSubscription[] = [];
  const answers: Rung[] = [];
  for (const subscription of subscriptions) {
    const address = opened(seal, subscription);
    const ttlSeconds = Math.min(left, PUSH_TTL_SECONDS);
    const rung: Rung = address
      ? await push.send({ id: dispatch.id, address, payload, ttlSeconds, isUrgent: dispatch.isCritical })
      : { outcome: 'gone' };
    if (rung.outcome === 'gone') gone.push(subscription);
    answers.push(rung);
  }
  const refused = answers.find(({ outcome }) => outcome === 'refused');
  const rung = answers.find(({ outcome }) => outcome === 'sent') ?? refused ?? ({ outcome: 'gone' } as const);
  return { rung, gone };
}

/** Undefined for one that was sealed with keys that are no more. */
function opened(seal: InboxDeps['seal'], { sealedAddress, key }: PushSubscription): PushAddress | undefined {
  try {
    return JSON.parse(seal.open(sealedAddress, key)) as PushAddress;
  } catch {
    return undefined;
  }
}

const wordsOf = ({ title, body }: Notice): string => `${title}. ${body}`;
const gatheredWords = (notices: readonly Notice[]): string => `${notices.length} news: ${notices.map(({ title }) => title).join('; ')}`;
const shortened = (text: string): string => (text.length <= SMS_MAX ? text : `${text.slice(0, SMS_MAX - 1)}…`);

/** What a service worker shows. */
const payloadOf = ({ id, title, body, link, category }: Notice) => ({ id, title, body, link, category });
const gatheredPayload = (notices: readonly Notice[]) => {
  const last = notices.at(-1);
  const body = notices
    .slice(0, 5)
    .map(({ title }) => title)
    .join('\n');
  return { id: last?.id, title: `${notices.length} news`, body, link: null, category: last?.category };
};
