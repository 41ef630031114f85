import type { Outlet, RecordedEvent } from '#application/shared/events.ts';
import { announcementsOf, SOURCES } from '#domain/realtime/sources.ts';
import { BrokerAway, type RealtimeDeps } from './ports.ts';

const TOGETHER = 64;

/** Tells those who follow what was committed. A message's key is its event and type, so that telling it again doubles nothing. */
export const announce = ({ broker }: Pick<RealtimeDeps, 'broker'>): Outlet => ({
  name: 'realtime',
  types: SOURCES,
  async deliver(events) {
    const messages = events.flatMap(messagesOf);
    for (let from = 0; from < messages.length; from += TOGETHER) {
      // Started in order, they arrive in order; that they wait together saves a round trip each.
      const ended = await Promise.allSettled(
        messages.slice(from, from + TOGETHER).map(({ channel, text, key }) => broker.publish(channel, text, key)),
      );
      const failures = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      if (failures.some((failure) => failure instanceof BrokerAway)) return 'away';
      if (failures.length > 0) throw failures[0];
    }
    return 'delivered';
  },
});

type Message = { readonly channel: string; readonly text: string; readonly key: string };

/** Each is written once, however many channels it goes to. */
const messagesOf = ({ id, data: event, version, recordedAt }: RecordedEvent): readonly Message[] =>
  announcementsOf(event, version).flatMap(({ type, channels, data }) => {
    const text = JSON.stringify({ id, type, at: at(recordedAt), data });
    return channels.map((channel) => ({ channel, text, key: `${id}/${type}` }));
  });

const at = (epochMs: number): string => new Date(epochMs).toISOString();
