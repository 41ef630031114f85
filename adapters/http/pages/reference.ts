import type { OpenApi } from '../openapi/model.ts';
import { type Html, html, inline, page, prose } from './layout.ts';
import { type Entry, figure, operationArticle } from './operation.ts';
import { schemaListing, shapeId } from './schema.ts';

/** Where a tag's operations begin. */
export const tagId = (name: string): string => `tag-${name.toLowerCase().replaceAll(/\W+/g, '-')}`;

/** Every operation on one page, by tag, from the OpenAPI document itself. */
export function referencePage(document: OpenApi): Html {
  const { info, tags, paths, components } = document;
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method, path, operation })),
  );
  const groups = tags.map((tag) => ({ ...tag, entries: entries.filter(({ operation }) => operation.tags[0] === tag.name) }));
  const shapes = Object.entries(components.schemas);

  const side = html`<p class="all"><a href="#start">How to call it</a></p>
${groups.map(({ name, entries }) => html`<section><h2><a href="#${tagId(name)}">${name}</a></h2><ul>${entries.map(sideItem)}</ul></section>`)}
<section><h2><a href="#shapes">Shapes</a></h2><ul>${shapes.map(([name]) => html`<li><a href="#${shapeId(name)}"><span class="verb"></span><span>${name}</span></a></li>`)}</ul></section>`;

  const main = html`${start(document, entries.length)}
${groups.map(
  ({ name, description, entries }) => html`<section class="tag" id="${tagId(name)}"><h2>${name}</h2>
${description === undefined ? '' : prose(description)}
${entries.map((entry) => operationArticle(entry, components.examples))}</section>`,
)}
<section class="tag" id="shapes"><h2>Shapes</h2>${shapes.map(
    ([name, schema]) => html`<article class="shape" id="${shapeId(name)}"><h3><a href="#${shapeId(name)}">${name}</a></h3>
${schema.description === undefined ? '' : html`<p>${inline(schema.description)}</p>`}
${schemaListing(schema, 'output')}</article>`,
  )}</section>`;
  return page({ title: 'Thali: API reference', path: '/docs', version: info.version, side, main });
}

const sideItem = ({ method, operation: { operationId, summary } }: Entry): Html =>
  html`<li><a href="#${operationId}"><span class="verb ${method}">${method === 'delete' ? 'DEL' : method.toUpperCase()}</span><span>${summary}</span></a></li>`;

const start = ({ info, servers, components }: OpenApi, operations: number): Html => html`<section class="start" id="start">
<div class="words">
<h1>API reference</h1>
<p class="lead">${operations} operations, and ${Object.keys(components.examples).length} ways they can say no.</p>
${prose(info.description)}
</div>
<div class="code">${figure(
  'Set these once; every example below uses them',
  '',
  html`<pre><code>export THALI=${servers[0]?.url ?? ''}
export TOKEN='...' # the accessToken of POST /auth/login</code></pre>`,
)}</div>
</section>`;
