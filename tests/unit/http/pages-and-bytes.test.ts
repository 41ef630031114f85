import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '#adapters/http/openapi.ts';
import { route } from '#adapters/http/route.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { err, ok } from '#domain/shared/result.ts';
import { faultsIn } from '#tests/support/openapi.ts';
import { exampleApp } from './example-app.ts';

const shared = { tag: 'Raw', summary: 'Take it', access: 'public', status: 200, problems: {} } as const;
const echo = route({
  ...shared,
  method: 'post',
  path: '/raw',
  operationId: 'takeBytes',
  bytes: { type: 'application/json', example: { a: 1 } },
  bodyLimit: 8,
  response: z.object({ hex: z.string() }),
  example: { response: { hex: '00' } },
  problems: { 'raw.refused': { status: 401, title: 'Refused', detail: 'No.' } },
  handle: async ({ bytes }) => (bytes?.[0] === 0x21 ? err({ code: 'raw.refused' }) : ok({ hex: Buffer.from(bytes ?? []).toString('hex') })),
});
const pages = [undefined, 'bug', 'outage', 'conflict'].map((kind) =>
  route({
    ...shared,
    method: 'get',
    path: `/pages/${kind ?? 'fine'}`,
    operationId: `showPage${kind ?? ''}`,
    isPage: true,
    query: z.object({ looks: z.coerce.number().int().min(0).catch(7).meta({ description: 'How often.' }).optional() }),
    response: z.string(),
    example: { response: '<!doctype html>' },
    async handle() {
      if (kind === undefined) return ok('<!doctype html><p>fine</p>');
      throw kind === 'conflict' ? new WriteConflict('moved on') : new Error(kind === 'outage' ? 'ECONNREFUSED secret-host' : 'secret bug');
    },
  }),
);
const routes = [echo, ...pages];

describe('bodies that are kept byte for byte', () => {
  const refused: string[] = [];
  const { app, logged } = exampleApp({ routes, refused: (code, path) => void refused.push(`${code} ${path}`) });
  const send = (body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}) =>
    app.request('/raw', { method: 'POST', body, headers });

  it.each(['application/json', 'text/plain', 'image/png'])('reach the handler as they came, as %s', async (type) => {
    const bytes = new Uint8Array([0xff, 0x00, 0xfe, 0x7b]);
    expect(await (await send(bytes, { 'content-type': type, 'content-encoding': 'gzip' })).json()).toEqual({ hex: 'ff00fe7b' });
    expect(await (await send('', { 'content-type': type })).json()).toEqual({ hex: '' });
  });

  it('are refused when they are too large', async () => {
    expect((await send('12345678')).status).toBe(200);
    const answer = await send('123456789');
    expect([answer.status, await answer.json()]).toEqual([413, expect.objectContaining({ code: 'http.body_too_large', limitBytes: 8 })]);
  });

  it('and what is refused is told by its code to who counts and to the log, once', async () => {
    refused.length = 0;
    await send('!');
    await send('fine');
    expect(refused).toEqual(['raw.refused /raw']);
    expect(logged.filter(({ facts }) => facts?.['refusal'] === 'raw.refused')).toHaveLength(1);
  });
});

describe('pages for people', () => {
  const { app, logged } = exampleApp({ routes });
  it('are answered as HTML', async () => {
    const answer = await app.request('/pages/fine');
    expect([answer.status, answer.headers.get('content-type')?.toLowerCase(), answer.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    expect(await answer.text()).toBe('<!doctype html><p>fine</p>');
  });

  it.each([
    ['bug', 500],
    ['outage', 503],
    ['conflict', 500],
  ])('stay pages on a %s', async (kind, status) => {
    const answer = await app.request(`/pages/${kind}`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')?.toLowerCase()]).toEqual([status, 'text/html; charset=utf-8']);
    expect(text).toContain('Load this page again');
    expect(text).not.toMatch(/secret/);
  });

  it('leave their failures in the log', () => {
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(2);
  });
});

it('both are described', () => {
  const document = openApiDocument(routes, { version: '1.2.3', url: 'https://thali.test' });
  expect(faultsIn(document)).toEqual([]);
  expect(document.paths['/raw']?.['post']).toMatchObject({
    requestBody: { content: { 'application/json': { schema: { type: 'object' }, example: { a: 1 } } } },
    responses: { 413: expect.anything() },
  });
  expect(document.paths['/raw']?.['post']?.responses).not.toHaveProperty('415');
  // What a bad value is read as is no default.
  expect(document.paths['/pages/fine']?.['get']?.parameters).toEqual([
    { name: 'looks', in: 'query', required: false, description: 'How often.', schema: { type: 'integer', minimum: 0, format: 'int64' } },
  ]);
  expect(document.paths['/pages/fine']?.['get']?.responses['200']?.content).toEqual({
    'text/html': { schema: { type: 'string' }, example: '<!doctype html>' },
  });
});
