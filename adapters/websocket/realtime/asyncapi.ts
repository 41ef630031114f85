import { z } from 'zod';
import type { AnnouncementType } from '#domain/realtime/announcement.ts';
import { RESTAURANT_TOPICS } from '#domain/realtime/channel.ts';
import { CLOSE, REFUSAL } from '../codes.ts';
import { REQUESTS, type RequestName } from '../commands.ts';
import { CATALOGUE, EVENT_TYPES, messageOf } from './catalogue.ts';
import { Read, Typing, TypingIn } from './on-talk.ts';

type Json = Readonly<Record<string, unknown>>;

const CHANNELS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    RESTAURANT_TOPICS.map((topic) => [
      `restaurant:{restaurantId}:${topic}`,
      {
        orders: 'Every order of a restaurant. Takes `orders:read`.',
        kitchen: 'What the kitchen must know. Takes `orders:prepare`.',
        tables: 'The floor. Takes `orders:read`.',
        menu: 'What can be had. For everybody who is signed in.',
        dashboard: 'What the people who run it look at. Takes `ledger:read`.',
        staff: 'For everybody who works there; they can talk in it.',
      }[topic],
    ]),
  ),
  'order:{orderId}': 'One order: for its customer, for who may read orders in its restaurant, and for who holds its tracking link.',
  'user:{accountId}': 'What concerns one person. For nobody else.',
  'role:{restaurantId}:{role}': 'For those who hold exactly this role.',
  'chat:{threadId}': 'A conversation. For those who take part in it.',
};

const COMMANDS: Readonly<Record<RequestName, string>> = {
  connect: 'The first command: an access token, or the token of a tracking link. Never in the address.',
  subscribe: 'Follow a channel; with `recover`, `epoch` and `offset`, from where one was.',
  unsubscribe: 'Follow it no more.',
  publish: 'Say that one is writing, where people talk.',
  history: 'What a followed channel still has: its last 300 messages, for ten minutes after the last.',
  presence: 'Who follows a channel.',
  presence_stats: 'How many clients follow a channel, and how many people.',
  rpc: 'Method `read`: say how far one has read.',
  send: 'As `publish`, without an answer.',
  refresh: 'Stay, with a newer token of the same session.',
  sub_refresh: 'Stay in a channel, with a newer token for it.',
};

const BODIES: Partial<Record<RequestName, z.ZodType>> = { publish: Typing, send: TypingIn, rpc: Read };
const INTRO = `Works with the Centrifugo client SDKs (JSON). One WebSocket carries commands, one a line, each with an \`id\`; replies with the same \`id\`; pushes without one; and \`{}\` as
ping and as its answer. A message is \`{"push": {"channel": …, "pub": {"data": …, "offset": …}}}\`.

Who was away asks for what came after its \`epoch\` and \`offset\`. The answer is all of it, or says \`recovered: false\`: then read again over HTTP what is shown.`;

/** AsyncAPI 3 of the sockets, made of the very schemas that check what comes in and that what goes out is tested by. */
export function asyncApiDocument({ version, url, path }: { readonly version: string; readonly url: string; readonly path: string }): Json {
  const { host, protocol } = new URL(url);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Thali in real time', version, description: INTRO },
    defaultContentType: 'application/json',
    servers: { socket: { host, protocol: protocol === 'https:' ? 'wss' : 'ws', pathname: path } },
    channels: {
      socket: {
        address: path,
        description: 'The socket itself.',
        messages: Object.fromEntries(commandNames().map((name) => [name, ref(`#/components/messages/${name}`)])),
      },
      ...Object.fromEntries(
        Object.entries(CHANNELS).map(([address, description]) => [
          idOf(address),
          {
            address,
            description,
            parameters: Object.fromEntries([...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, {}])),
            messages: Object.fromEntries(eventsOn(address).map((type) => [type, ref(`#/components/messages/${type}`)])),
          },
        ]),
      ),
    },
    operations: {
      ...Object.fromEntries(
        commandNames().map((name) => [
          `on_${name}`,
          { action: 'receive', channel: ref('#/channels/socket'), summary: COMMANDS[name], messages: [ref(`#/channels/socket/messages/${name}`)] },
        ]),
      ),
      ...Object.fromEntries(
        Object.keys(CHANNELS)
          .filter((address) => eventsOn(address).length > 0)
          .map((address) => [
            `tell_${idOf(address)}`,
            {
              action: 'send',
              channel: ref(`#/channels/${idOf(address)}`),
              messages: eventsOn(address).map((type) => ref(`#/channels/${idOf(address)}/messages/${type}`)),
            },
          ]),
      ),
    },
    components: {
      messages: {
        ...Object.fromEntries(commandNames().map((name) => [name, { name, summary: COMMANDS[name], payload: commandSchema(name) }])),
        ...Object.fromEntries(
          EVENT_TYPES.map((type) => [
            type,
            {
              name: type,
              summary: CATALOGUE[type].summary,
              payload: schemaOf(messageOf(type)),
              ...(CATALOGUE[type].isAwaited && { 'x-awaited': true }),
            },
          ]),
        ),
      },
    },
    'x-close-codes': Object.values(CLOSE).map((close) => ({ ...close, comesBack: close.code < 3_500 })),
    'x-errors': Object.values(REFUSAL),
  };
}

const commandNames = (): readonly RequestName[] => Object.keys(REQUESTS) as RequestName[];
const ref = ($ref: string) => ({ $ref });
const idOf = (address: string): string => address.replaceAll(/[{}]/g, '').replaceAll(':', '_');
const eventsOn = (address: string): readonly AnnouncementType[] => EVENT_TYPES.filter((type) => CATALOGUE[type].channels.includes(address));

function commandSchema(name: RequestName): Json {
  const request = BODIES[name] ? REQUESTS[name].extend({ data: BODIES[name] } as never) : REQUESTS[name];
  const id = name === 'send' ? {} : { id: z.int().min(1).max(0xffff_ffff) };
  return schemaOf(z.object({ ...id, [name]: request }));
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
