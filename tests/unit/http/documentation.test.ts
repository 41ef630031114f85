import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '#adapters/http/openapi.ts';
import { problemEntries } from '#adapters/http/problem-codes.ts';
import { type AnyRoute, route } from '#adapters/http/route.ts';
import { exampleApp, exampleRoutes, SHOP } from './example-app.ts';

const { app } = exampleApp();
const text = async (path: string): Promise<string> => (await app.request(path)).text();
const idsIn = (page: string): string[] => [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id as string);
const PAGES = ['/', '/docs', '/docs/permissions', '/problems'];

describe('/openapi.json', () => {
  it('is the document, with a tag to ask for it again', async () => {
    const response = await app.request('/openapi.json');
    expect([response.status, response.headers.get('content-type'), response.headers.get('vary')]).toEqual([
      200,
      'application/json; charset=utf-8',
      'Accept-Encoding',
    ]);
    expect(await response.json()).toEqual(
      JSON.parse(JSON.stringify(openApiDocument(exampleRoutes(), { version: '1.2.3', url: 'http://localhost:4010' }))),
    );

    const etag = response.headers.get('etag') as string;
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const again = await app.request('/openapi.json', { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await app.request('/openapi.json', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('is sent compressed to those who take it so, under a tag of its own', async () => {
    const plain = await app.request('/openapi.json');
    const zipped = await app.request('/openapi.json', { headers: { 'accept-encoding': 'br, gzip;q=0.8' } });
    expect([zipped.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null]);
    expect(zipped.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    expect(gunzipSync(Buffer.from(await zipped.arrayBuffer())).toString()).toBe(await plain.text());
    for (const refusing of ['gzip;q=0', 'gzip; q=0.0', 'br', '']) {
      expect((await app.request('/openapi.json', { headers: { 'accept-encoding': refusing } })).headers.get('content-encoding')).toBeNull();
    }
  });

  it('names the address that callers use', async () => {
    const { app: other } = exampleApp({ publicUrl: 'https://api.thali.test' });
    expect(await (await other.request('/openapi.json')).json()).toMatchObject({ servers: [{ url: 'https://api.thali.test' }] });
    expect(await (await other.request('/docs')).text()).toContain('export THALI=https://api.thali.test');
  });
});

describe('the pages', () => {
  it.each(PAGES)('%s: is a page, with no script in it and nothing from elsewhere', async (path) => {
    const response = await app.request(path);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|javascript:| on\w+=|https?:\/\/(?!www\.w3\.org\/2000\/svg|localhost:4010)/);
    expect(page).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each(PAGES)('%s: opens and closes every element, and gives no id twice', async (path) => {
    const page = (await text(path)).replace(/<!doctype html>|<(?:meta|link|wbr)\b[^>]*>/g, '');
    const open: string[] = [];
    for (const [, slash, name] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s(?:"[^"]*"|[^">])*)?>/g)) {
      if (slash === '') open.push(name as string);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
    const ids = idsIn(page);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('link only to what is there', async () => {
    const pages = new Map(await Promise.all(PAGES.map(async (path) => [path, await text(path)] as const)));
    for (const [path, page] of pages) {
      for (const [, href] of page.matchAll(/href="([^"]+)"/g)) {
        if (href?.startsWith('data:')) continue;
        const [target, anchor] = (href as string).split('#') as [string, string | undefined];
        if (anchor !== undefined) expect(idsIn(pages.get(target || path) as string), `${path} -> ${href}`).toContain(anchor);
        else expect((await app.request(target)).status, `${path} -> ${href}`).toBe(200);
      }
    }
  });

  it('share one style sheet', async () => {
    const response = await app.request('/docs/style.css');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    const css = await response.text();
    expect(css.split('{')).toHaveLength(css.split('}').length);
    expect(css).toContain('prefers-color-scheme: dark');
  });
});

describe('/docs', () => {
  it('has every operation, with what it takes and what it answers', async () => {
    const page = await text('/docs');
    expect(idsIn(page)).toEqual(
      expect.arrayContaining([...exampleRoutes().map(({ operationId }) => operationId), 'getHealth', 'getMetrics', 'shape-Shop', 'shape-Money']),
    );
    expect(page).toContain('<code>/shops/<var>{restaurantId}</var></code> <span class="badge">shops:write</span>');
    expect(page).toContain('<code class="name">limit</code> <span class="place">query</span>');
    expect(page).toContain('1 to 120 characters');
    expect(page).toContain('href="/problems#shops.closed"');
  });

  it('has a command to paste, whatever quotes are in it', async () => {
    const page = (await text('/docs')).replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>');
    expect(page).toContain(
      [
        'curl -X POST "$THALI/shops" \\',
        '  -H "Authorization: Bearer $TOKEN" \\',
        `  -H 'Idempotency-Key: it'\\''s-1' \\`,
        "  -H 'Content-Type: application/json' \\",
        `  --data-raw '{\n  "name": "Annapurna <b>",`,
      ].join('\n'),
    );
    expect(page).toContain(`curl "$THALI/shops/${SHOP}"</code>`);
  });

  it('escapes whatever a route says', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const shop = exampleRoutes()[3] as AnyRoute;
    const routes = [
      route({
        ...shop,
        summary: evil,
        description: evil,
        tag: evil,
        problems: { 'shops.evil': { status: 409, title: evil, detail: evil } },
        example: { body: { [evil]: evil }, response: evil },
      } as never),
    ];
    const { app: hostile } = exampleApp({ routes });
    for (const path of PAGES) expect(await (await hostile.request(path)).text(), path).not.toContain('<img');
  });
});

describe('/problems', () => {
  it('has an anchor for every code, with its status, what it is and what to do', async () => {
    const page = await text('/problems');
    expect(idsIn(page)).toEqual(expect.arrayContaining(problemEntries(exampleRoutes()).map(({ code }) => code)));
    expect(page).toContain('<p class="title">It is &lt;closed&gt; &amp; shut</p>');
    expect(page).toContain('Come back at <var>until</var>.');
    expect(page).toContain('From <a href="/docs#getShop">getShop</a>, <a href="/docs#openShop">openShop</a>');
  });

  it('is where the type of every problem points', async () => {
    const { type } = (await (await app.request('/nothing')).json()) as { type: string };
    const [path, anchor] = type.split('#') as [string, string];
    expect(idsIn(await text(path))).toContain(anchor);
  });
});
