import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenApi, Operation } from '#adapters/http/openapi/model.ts';
import { type Ground, hostile, valueFor } from '../support/fuzz.ts';
import { violations } from '../support/json-schema.ts';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { PROFILES } from '../support/profiles.ts';
import { Chance } from '../support/random.ts';
import { type Answer, type Json, startWorld, type World } from '../support/world.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
/** Requests for each operation. */
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 40);
const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';

describe.each(PROFILES)(`whatever is sent (seed ${SEED}) on %s`, (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let admin: string;
  let document: OpenApi;
  let ground: Ground;
  let key = '';
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    admin = (await world.account('admin@fuzz.test', 'admin')).token;
    document = (await world.get('/openapi.json')).body;
    const order = (await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).body;
    key = (await world.post(`/restaurants/${kitchen.restaurantId}/api-keys`, { name: 'Fuzz', scopes: ['orders:read'] }, kitchen.owner)).body.token;
    const ids = [
      kitchen.restaurantId,
      kitchen.restaurantId,
      order.id,
      ...Object.values({ ...kitchen.items, ...kitchen.options, ...kitchen.stock }),
      NOBODY,
    ];
    ground = { chance: new Chance(SEED), components: document.components.schemas, ids, mischief: 0.15 };
  });
  afterAll(() => world.close());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );

  async function send(method: string, path: string, operation: Operation): Promise<{ readonly sent: object; readonly answer: Answer }> {
    const { chance } = ground;
    ground = { ...ground, mischief: chance.pick([0, 0.03, 0.2]) };
    const text = (schema: object): string => {
      const value = valueFor(schema, ground);
      return typeof value === 'string' ? value : JSON.stringify(value);
    };
    const of = (place: string) => operation.parameters.filter((parameter) => parameter.in === place && (parameter.required || chance.next() < 0.4));
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      if (name === 'restaurantId' && chance.next() < 0.7) return kitchen.restaurantId;
      const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema ?? {};
      return encodeURIComponent(text(schema).toWellFormed()) || NOBODY;
    });
    const query = new URLSearchParams(of('query').map(({ name, schema }) => [name, text(schema).toWellFormed()]));
    if (chance.next() < 0.1) query.append(chance.pick(['limit', '__proto__', 'after', 'a[b]']), JSON.stringify(hostile(ground)).toWellFormed());
    const headers = Object.fromEntries(
      of('header').map(({ name, schema }) => [
        name,
        text(schema)
          .replaceAll(/[^\x20-\x7e]/g, '?')
          .trim(),
      ]),
    );
    const content = Object.entries(operation.requestBody?.content ?? {});
    const [type, media] = content.length > 0 ? chance.pick(content) : [];
    const body =
      media &&
      (type === 'application/json' ? JSON.stringify(valueFor(media.schema, ground)) : String(media.example ?? JSON.stringify(hostile(ground))));
    const token = chance.pick([kitchen.owner, kitchen.owner, kitchen.owner, kitchen.customer, admin, key, undefined, 'forged']);
    const sent = { token, headers: { ...headers, ...(type && { 'content-type': type }) }, ...(body !== undefined && { raw: body }) };
    const target = `${address}${query.size > 0 ? `?${query}` : ''}`;
    return { sent: { method, target, ...sent }, answer: await world.call(method, target, sent) };
  }

  /** What is wrong with an answer, by what the document promised. */
  function faultsOf({ responses }: Operation, { status, body, headers }: Answer): string[] {
    if (status >= 500) return [`it answers ${status}`];
    if (status === 404 && body.code === 'http.not_found') return []; // An address that is none.
    if (status === 405) return [];
    const media = Object.entries(responses[status]?.content ?? {});
    if (!responses[status]) return [`${status} ${body?.code} is not promised`];
    if (media.length === 0 || typeof body !== 'object') return [];
    const [type, { schema }] = media[0] as (typeof media)[number];
    const isJson = headers.get('content-type')?.split(';')[0] === type.split(';')[0];
    return isJson ? violations(schema, body, document.components.schemas) : [`it is ${headers.get('content-type')}, not ${type}`];
  }

  it('every operation answers as it promised, and never with a fault of its own', async () => {
    const statuses = new Map<number, number>();
    const faults: object[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const { method, path, operation } of operations()) {
        const { sent, answer } = await send(method, path, operation);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const found = faultsOf(operation, answer);
        if (found.length > 0) faults.push({ operation: operation.operationId, found: found.slice(0, 3), sent, body: answer.body });
        if (operation.operationId === 'logout' && answer.status === 204) {
          await kitchen.signIn();
          admin = await world.signIn('admin@fuzz.test');
        }
      }
    }
    expect(faults.slice(0, 5)).toEqual([]);
    // It got somewhere, and was refused in many ways.
    for (const status of [200, 201, 400, 401, 403, 404]) expect([status, (statuses.get(status) ?? 0) > 0]).toEqual([status, true]);
    expect([...statuses.values()].reduce((sum, n) => sum + n, 0)).toBe(ROUNDS * operations().length);
    expect(({} as Json).isAdmin).toBeUndefined();
  });
});
