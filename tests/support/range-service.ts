import { hash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { listening } from './oauth/listening.ts';

/** How it behaves: as it should, or in one of the ways that services on the internet do not. */
export type Mood = 'well' | 'failing' | 'limiting' | 'silent' | 'stalling' | 'hanging up' | 'a page' | 'empty' | 'endless' | 'elsewhere';

export type RangeService = {
  readonly url: string;
  mood: Mood;
  /** All that it was ever told. */
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
  close(): Promise<void>;
};

const digestOf = (text: string): string => hash('sha1', text, 'hex').toUpperCase();
const LINES = 800;

/** Speaks the range protocol of Pwned Passwords: how often each of these passwords was seen, among many that nobody has. */
export async function rangeService(seen: Readonly<Record<string, number>>): Promise<RangeService> {
  const server = await listening();
  const known = Object.entries(seen).map(([password, count]) => ({ digest: digestOf(password), count }));

  function linesOf(prefix: string, isPadded: boolean): string[] {
    const found = known.filter(({ digest }) => digest.startsWith(prefix)).map(({ digest, count }) => `${digest.slice(5)}:${count}`);
    const others = Array.from({ length: LINES }, (_, i) => `${digestOf(`${prefix}${i}`).slice(0, 35)}:${i + 1}`);
    // So that the length of an answer tells nothing: digests that nobody has, seen never.
    const padding = isPadded ? Array.from({ length: LINES / 2 }, (_, i) => `${digestOf(`${prefix} ${i}`).slice(0, 35)}:0`) : [];
    return [...others, ...found, ...padding].toSorted();
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const prefix = /^\/range\/([0-9A-F]{5})$/i.exec(request.url ?? '')?.[1]?.toUpperCase();
    const text = { 'content-type': 'text/plain' };
    switch (service.mood) {
      case 'failing':
        return void response.writeHead(503).end();
      case 'limiting':
        return void response.writeHead(429, { 'retry-after': '2' }).end('Rate limit is exceeded. Try again in 2 seconds.');
      case 'silent':
        return;
      case 'stalling':
        return void response.writeHead(200, text).write('0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n');
      case 'hanging up':
        return void request.socket.destroy();
      case 'a page':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in to this Wi-Fi</body></html>');
      case 'empty':
        return void response.writeHead(200, text).end();
      case 'elsewhere':
        return void response.writeHead(302, { location: `${server.url}/elsewhere` }).end();
      case 'endless': {
        response.writeHead(200, text);
        const more = (): void => {
          while (!response.destroyed && response.write('0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n'.repeat(1_000)));
        };
        response.on('drain', more);
        more();
        return;
      }
      case 'well':
        if (prefix === undefined) return void response.writeHead(400).end('The hash prefix was not in a valid format');
        return void response.writeHead(200, text).end(linesOf(prefix, request.headers['add-padding'] === 'true').join('\r\n'));
    }
  }

  const service: RangeService = { url: server.url, mood: 'well', asked: [], close: server.close };
  server.answerWith((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => {
      body += data.toString();
    });
    request.on('end', () => {
      service.asked.push({ path: request.url ?? '', headers: request.headers, body });
      answer(request, response);
    });
  });
  return service;
}
