import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Layer = 'domain' | 'application' | 'adapters' | 'composition';
type Import = { readonly file: string; readonly target: string };

const SEES: Readonly<Record<Layer, readonly string[]>> = {
  domain: ['domain'],
  application: ['domain', 'application'],
  adapters: ['domain', 'application', 'adapters'],
  composition: ['domain', 'application', 'adapters', 'composition'],
};

/** Packages, by technology or by layer. Domain and application get none, not even node's own. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  domain: /^$/,
  application: /^$/,
  'adapters/memory': /^croner$/,
  'adapters/shared': /^(node:async_hooks|lru-cache)$/,
  'adapters/offline': /^$/,
  'adapters/system': /^node:/,
  'adapters/http': /^(hono|zod|@hono\/[\w-]+|csv-parse|node:crypto|ipaddr\.js|libphonenumber-js)(\/|$)/,
  'adapters/postgres': /^(@mikro-orm\/(core|postgresql|migrations)|kysely|node:crypto)(\/|$)/,
  'adapters/pglite': /^(@mikro-orm\/|@electric-sql\/pglite|kysely|node:)/,
  'adapters/jobs': /^(pg-boss|@electric-sql\/pglite)(\/|$)/,
  'adapters/outbound': /^(node:(dns\/promises|http|https|net)|ipaddr\.js)$/,
  'adapters/bcrypt': /^(bcryptjs|node:)/,
  'adapters/smtp': /^nodemailer$/,
  'adapters/web-push': /^(web-push|node:crypto)$/,
  'adapters/handlebars': /^(handlebars|node:fs)$/,
  'adapters/webauthn': /^@simplewebauthn\/server$/,
  'adapters/oauth': /^(openid-client|zod|node:crypto)$/,
  'adapters/otpauth': /^(otpauth|qrcode)$/,
  'adapters/libphonenumber': /^libphonenumber-js\/max$/,
  'adapters/pwned-passwords': /^node:crypto$/,
  'adapters/zxcvbn': /^@zxcvbn-ts\/language-common$/,
  'adapters/jose': /^(jose|node:crypto)$/,
  'adapters/pino': /^pino$/,
  'adapters/opentelemetry': /^@opentelemetry\/(api|sdk-trace|exporter-trace-otlp-http)$/,
  'adapters/sentry': /^node:crypto$/,
  'adapters/redis': /^(ioredis|node:(crypto|timers\/promises))$/,
  'adapters/prometheus': /^prom-client$/,
  'adapters/websocket': /^(ws|zod|node:(http|stream))$/,
  'adapters/razorpay': /^(razorpay|zod|hono|node:(crypto|async_hooks))(\/|$)/,
  composition: /^(inversify|zod|csv-parse|node:|@hono\/node-server|@mikro-orm\/|@electric-sql\/pglite)/,
};
const HIDDEN_INPUTS = /\b(Date\.now|new Date\(\)|Math\.random|Temporal\.Now|setTimeout|setInterval|fetch\(|process\.|console\.)/;

function violation({ file, target }: Import): string | undefined {
  const [layer, area, ...rest] = file.split('/') as [Layer, string, ...string[]];
  const [, toLayer, toArea, toFile] = target.match(/^#(\w+)\/([\w-]+)\/?(.*)$/) ?? [];
  if (toLayer === undefined || toArea === undefined) return packageViolation({ file, target }, layer, area);
  if (!SEES[layer].includes(toLayer)) return `${file}: ${layer} must not see ${toLayer}`;
  if (layer === 'composition' || toArea === 'shared') return undefined;

  if (layer === 'adapters' && toLayer === 'adapters')
    return area === toArea ? undefined : `${file}: adapters/${area} must not lean on adapters/${toArea}`;
  const module = layer === 'adapters' ? (rest.length > 1 ? rest[0] : toArea) : area;
  const isPublished = toLayer === 'domain' && toFile === 'events.ts';
  return module === toArea || isPublished ? undefined : `${file}: ${module} may see only the events of ${toArea}`;
}

function packageViolation({ file, target }: Import, layer: Layer, area: string): string | undefined {
  if (!target.startsWith('.')) {
    const allowed = PACKAGES[`${layer}/${area}`] ?? PACKAGES[layer] ?? /^$/;
    return allowed.test(target) ? undefined : `${file}: ${layer}/${area} must not use ${target}`;
  }
  // Relative imports stay at home: their own technology or module, or what is shared by all of the layer.
  const path = new URL(target, `file:///${file}`).pathname.slice(1).split('/');
  if (layer === 'composition') return path[0] === layer ? undefined : `${file}: ${target} leaves its layer`;
  if (path[0] !== layer || (path[1] !== area && path[1] !== 'shared')) return `${file}: ${target} leaves ${layer}/${area}`;
  return undefined;
}

const sources = globSync('{domain,application,adapters,composition}/**/*.ts').map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const imports = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    ([, named, bare, dynamic]): Import => ({ file, target: (named ?? bare ?? dynamic) as string }),
  ),
);

it('points every import inwards', () => {
  expect(imports.length).toBeGreaterThan(200); // or the scan itself is broken
  expect(imports.map(violation).filter(Boolean)).toEqual([]);
});

it('takes time, chance and i/o only through ports', () => {
  const inner = sources.filter(({ file }) => /^(domain|application)\//.test(file));
  expect(inner.length).toBeGreaterThan(40);
  expect(inner.filter(({ text }) => HIDDEN_INPUTS.test(text)).map(({ file }) => file)).toEqual([]);
});

it('keeps every file one thing', () => {
  const long = sources
    .map(({ file, text }) => ({ file, lines: text.split('\n').length }))
    .filter(({ file, lines }) => lines > 300 && !file.includes('/migrations/'));
  expect(long).toEqual([]);
});

it('reads the environment in one place', () => {
  const readers = sources.filter(({ file, text }) => /\bprocess\.env\b/.test(text) && !file.startsWith('composition/')).map(({ file }) => file);
  expect(readers).toEqual([]);
});

it.each<[string, string]>([
  ['domain/ordering/order.ts', '#application/ordering/ports.ts'],
  ['domain/ordering/order.ts', '#domain/inventory/stock.ts'],
  ['domain/ordering/order.ts', '../inventory/stock.ts'],
  ['domain/ordering/order.ts', 'node:crypto'],
  ['domain/ordering/order.ts', 'zod'],
  ['application/ordering/place-order.ts', '#adapters/postgres/orm.ts'],
  ['application/ordering/place-order.ts', '#application/catalogue/module.ts'],
  ['application/ordering/place-order.ts', '#domain/inventory/stock.ts'],
  ['application/ordering/place-order.ts', 'inversify'],
  ['adapters/http/ordering/routes.ts', '#adapters/postgres/orm.ts'],
  ['adapters/http/ordering/routes.ts', '../../postgres/orm.ts'],
  ['adapters/http/ordering/routes.ts', '#application/payments/module.ts'],
  ['adapters/http/ordering/routes.ts', '@mikro-orm/core'],
  ['adapters/memory/store.ts', 'node:fs'],
  ['composition/container.ts', 'hono'],
])('canary: %s may not import %s', (file, target) => {
  expect(violation({ file, target })).toBeTypeOf('string');
});

it.each<[string, string]>([
  ['application/notifications/on-order-placed.ts', '#domain/ordering/events.ts'],
  ['adapters/http/ordering/routes.ts', '../route.ts'],
  ['adapters/http/app.ts', '#application/ordering/module.ts'],
  ['adapters/postgres/unit-of-work.ts', '../shared/retry.ts'],
  ['composition/modules/ordering.ts', '#adapters/postgres/ordering/orders.ts'],
])('allows: %s importing %s', (file, target) => {
  expect(violation({ file, target })).toBeUndefined();
});
