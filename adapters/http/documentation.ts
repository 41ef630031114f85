import type { Context, Hono } from 'hono';
import { API_HEADERS, jsonType, PAGE_HEADERS } from './headers.ts';
import type { OpenApi } from './openapi/model.ts';
import { type About, openApiDocument } from './openapi.ts';
import { configurationPageOf, type Variable } from './pages/configuration.ts';
import { operationsPage, type Watched } from './pages/operations.ts';
import { permissionsPage } from './pages/permissions.ts';
import { problemsPage } from './pages/problems.ts';
import { realtimePage, type SocketApi } from './pages/realtime.ts';
import { referencePage } from './pages/reference.ts';
import { BASE } from './pages/styles/base.ts';
import { FRAME } from './pages/styles/frame.ts';
import { MATRIX } from './pages/styles/matrix.ts';
import { PAGES } from './pages/styles/pages.ts';
import { REFERENCE } from './pages/styles/reference.ts';
import { TRACK } from './pages/styles/track.ts';
import { welcomePage } from './pages/welcome.ts';
import { problemEntries } from './problem-codes.ts';
import { TRACK_SCRIPT } from './realtime/track-script.ts';
import { type AnyRoute, digest, type Env, isHeld } from './route.ts';

const STYLE = [BASE, FRAME, REFERENCE, PAGES, MATRIX, TRACK].join('\n');
const JSON_TEXT = jsonType('application/json');
const HTML = 'text/html; charset=utf-8';

type Document = { readonly type: string; readonly text: string; readonly zipped: Uint8Array<ArrayBuffer>; readonly etag: string };

/** Serves what the routes say about themselves. Each document is made when it is first asked for, and then kept. */
export function documentation(
  app: Hono<Env>,
  routes: readonly AnyRoute[],
  about: About,
  variables: readonly Variable[],
  watched: readonly Watched[],
  sockets?: () => Readonly<Record<string, unknown>>,
): void {
  let described: OpenApi | undefined;
  const describe = (): OpenApi => (described ??= openApiDocument(routes, about));

  serve(app, '/openapi.json', JSON_TEXT, () => JSON.stringify(describe()));
  serve(app, '/docs', HTML, () => String(referencePage(describe())));
  serve(app, '/docs/configuration', HTML, () => String(configurationPageOf(variables, about.version)));
  serve(app, '/docs/permissions', HTML, () => String(permissionsPage(routes, about.version)));
  serve(app, '/docs/operations', HTML, () => String(operationsPage(watched, about.version)));
  serve(app, '/docs/style.css', 'text/css; charset=utf-8', () => STYLE);
  serve(app, '/docs/track.js', 'text/javascript; charset=utf-8', () => TRACK_SCRIPT);
  if (sockets) {
    serve(app, '/asyncapi.json', JSON_TEXT, () => JSON.stringify(sockets()));
    serve(app, '/docs/realtime', HTML, () => String(realtimePage(sockets() as SocketApi, about.url)));
  }
  serve(app, '/problems', HTML, () => String(problemsPage(problemEntries(routes), about.version)));
  serve(app, '/', HTML, () => String(welcomePage(describe())));
}

function serve(app: Hono<Env>, path: string, type: string, write: () => string): void {
  let made: Promise<Document> | undefined;
  app.get(path, async (c) => {
    made ??= documentOf(type, write());
    return answer(c, await made);
  });
}

async function documentOf(type: string, text: string): Promise<Document> {
  const zipped = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
  return { type, text, zipped: new Uint8Array(zipped), etag: digest(text).slice(0, 22) };
}

function answer(c: Context, { type, text, zipped, etag }: Document): Response {
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(c.req.header('accept-encoding') ?? '');
  const headers = {
    ...(type === JSON_TEXT ? API_HEADERS : PAGE_HEADERS),
    'cache-control': 'no-cache', // Kept by browsers, and asked for again each time: it changes with every release.
    vary: 'Accept-Encoding',
    etag: `"${etag}${isZipped ? '-gzip' : ''}"`,
  };
  if (isHeld(c.req.header('if-none-match'), headers.etag)) return c.body(null, 304, headers);
  const typed = { ...headers, 'content-type': type };
  return isZipped ? c.body(zipped, 200, { ...typed, 'content-encoding': 'gzip' }) : c.body(text, 200, typed);
}
