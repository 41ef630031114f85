import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLOSE, REFUSAL } from '#adapters/websocket/codes.ts';
import { REQUESTS } from '#adapters/websocket/commands.ts';
import { EVENT_TYPES } from '#adapters/websocket/realtime/catalogue.ts';
import { Channel } from '#domain/realtime/channel.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const PLANNED = [
  'order.created order.updated order.status_changed order.assigned order.cancelled',
  'table.status_changed table.session_opened table.service_requested payment.succeeded payment.failed payment.refunded',
  'kitchen.ticket_created kitchen.ticket_status_changed notification.created notification.read menu.availability_changed inventory.stock_low',
  'dashboard.metrics_updated dashboard.alert_raised staff.shift_changed staff.task_assigned chat.message_created chat.message_read chat.typing',
].flatMap((line) => line.split(' '));
const ID = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

let world: World;
let document: Json;
beforeAll(async () => {
  world = await startWorld('memory');
  document = (await world.get('/asyncapi.json')).body;
});
afterAll(() => world.close());

it('is AsyncAPI 3 whose every reference leads somewhere', () => {
  expect(document.asyncapi).toBe('3.0.0');
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string);
  expect(refs.length).toBeGreaterThan(50);
  const lost = refs.filter((path) => {
    let at: Json = document;
    for (const step of path.split('/')) at = at?.[step];
    return at === undefined;
  });
  expect(lost).toEqual([]);
  for (const { action, channel, messages } of Object.values<Json>(document.operations)) {
    expect(['send', 'receive']).toContain(action);
    // An operation may use only messages of its own channel.
    for (const { $ref } of messages) expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
  }
});

it('names every channel, command, event and code there is', () => {
  const { socket, ...channels } = document.channels;
  for (const { address } of Object.values<Json>(channels)) {
    const name = address.replace('{role}', 'waiter').replaceAll(/\{\w+\}/g, ID);
    expect([address, Channel.parse(name) !== undefined]).toEqual([address, true]);
  }
  expect(Object.keys(channels)).toHaveLength(10);
  expect(Object.keys(socket.messages)).toEqual(Object.keys(REQUESTS));
  expect(EVENT_TYPES).toEqual(expect.arrayContaining(PLANNED));
  for (const type of EVENT_TYPES) {
    const { name, payload } = document.components.messages[type];
    expect([name, payload.properties.type.const, Object.keys(payload.properties.data.properties).length > 0]).toEqual([type, type, true]);
  }
  expect(document['x-close-codes'].map(({ code }: Json) => code)).toEqual(Object.values(CLOSE).map(({ code }) => code));
  expect(document['x-errors']).toEqual(Object.values(REFUSAL));
});

it('is shown as a page', async () => {
  const { status, body } = await world.get('/docs/realtime');
  expect(status).toBe(200);
  for (const type of EVENT_TYPES) expect(body).toContain(`id="${type}"`);
  const anchors = [...String(body).matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
  for (const anchor of anchors) expect([anchor, body.includes(`id="${anchor}"`)]).toEqual([anchor, true]);
});
