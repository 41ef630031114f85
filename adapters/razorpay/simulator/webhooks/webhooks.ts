import type { Faults } from '../faults/rules.ts';
import type { Chance } from '../world/chance.ts';
import type { Account, LogLine } from '../world/records.ts';
import type { Settings } from '../world/settings.ts';
import type { Timeline } from '../world/timeline.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';
import { dispatcher } from './dispatch.ts';

/** Brings a webhook to its receiver; resolves to the status it answered with. */
export type Deliver = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number>;

export type Webhook = {
  readonly id: string;
  readonly url: string;
  secret: string;
  /** What it was signed with before. */
  oldSecret: string | null;
  /** All when empty; `payment.*` stands for several. */
  readonly events: readonly string[];
  active: boolean;
  failingSince: number | null;
};

export type WebhookDeps = {
  readonly settings: Settings;
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly chance: Chance;
  readonly account: Account;
  readonly deliver: Deliver;
  readonly note: (line: Omit<LogLine, 'at'>) => void;
};

type Entities = Readonly<Record<string, object>>;
export type Sent = { readonly eventId: string; readonly event: string; readonly body: string; readonly at: number };

export type Webhooks = {
  add(hook: Pick<Webhook, 'id' | 'url' | 'secret'> & { readonly events?: readonly string[] }): Webhook;
  readonly all: Map<string, Webhook>;
  rotate(id: string, secret: string): void;
  enable(id: string): void;
  /** Says that something happened, with the entities as they are now. */
  emit(event: string, entities: Entities): void;
  /** What was said, for whoever wants it said again. */
  readonly sent: readonly Sent[];
  replay(eventIds?: readonly string[]): void;
  /** Delivers now what must arrive before the reply that is about to leave. */
  flushEarly(): Promise<void>;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
};

export function createWebhooks(deps: WebhookDeps): Webhooks {
  const { timeline, faults, chance, account } = deps;
  const all = new Map<string, Webhook>();
  const sent: Sent[] = [];
  const early: Delivery[] = [];
  const deliveries = createDeliveries(deps);
  const dispatch = dispatcher(deps, deliveries, early);
  const takes = (hook: Webhook, event: string): boolean =>
    hook.active &&
    (hook.events.length === 0 || hook.events.some((name) => name === event || (name.endsWith('*') && event.startsWith(name.slice(0, -1)))));

  return {
    all,
    sent,
    add({ id, url, secret, events = [] }) {
      const hook: Webhook = { id, url, secret, oldSecret: null, events, active: true, failingSince: null };
      all.set(id, hook);
      return hook;
    },
    rotate(id, secret) {
      const hook = all.get(id);
      if (hook) Object.assign(hook, { oldSecret: hook.secret, secret });
    },
    enable(id) {
      const hook = all.get(id);
      if (hook) Object.assign(hook, { active: true, failingSince: null });
    },
    emit(event, entities) {
      const seconds = Math.floor(timeline.now() / 1_000);
      const payload = Object.fromEntries(Object.entries(entities).map(([kind, entity]) => [kind, { entity }]));
      const envelope = { entity: 'event', account_id: account.id, event, contains: Object.keys(entities), payload, created_at: seconds };
      const said = { eventId: chance.text(14), event, body: JSON.stringify(envelope), at: timeline.now() };
      sent.push(said);
      for (const hook of all.values()) {
        if (faults.strike('W10', event)) deliveries.disable(hook);
        if (takes(hook, event)) dispatch(hook, said);
      }
    },
    replay(eventIds) {
      for (const said of sent.filter(({ eventId }) => eventIds === undefined || eventIds.includes(eventId))) {
        for (const hook of all.values()) if (takes(hook, said.event)) dispatch(hook, said);
      }
    },
    async flushEarly() {
      for (let next = early.shift(); next; next = early.shift()) await deliveries.attempt(next);
    },
    idle: () => deliveries.idle(),
  };
}
