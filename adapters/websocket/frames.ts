import type { Publication } from '#application/realtime/ports.ts';
import type { Ended, Refusal } from './codes.ts';
import type { RequestName } from './commands.ts';

/** What goes out. A message is written once for a channel, however many follow it. */
export const pushOf = (channel: string, push: string): Buffer => Buffer.from(`{"push":{"channel":${JSON.stringify(channel)},${push.slice(1)}}`);
export const publicationOf = ({ offset, data }: Publication): string => `{"pub":{"data":${data},"offset":${offset}}}`;
export const endedOf = (ended: Ended): string => JSON.stringify({ unsubscribe: ended });

export const replyOf = (id: number, name: RequestName, result: object): string => JSON.stringify({ id, [name]: result });
export const refusalOf = (id: number, error: Refusal): string => JSON.stringify({ id, error });

export const PING = Buffer.from('{}');
