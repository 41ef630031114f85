import type { OpenApi } from '../openapi/model.ts';
import { type Html, html, page } from './layout.ts';
import { tagId } from './reference.ts';

/** What someone sees who opens the address in a browser. */
export const welcomePage = ({ info, tags, paths, components }: OpenApi): Html =>
  page({
    title: 'Thali',
    path: '/',
    version: info.version,
    main: html`<section class="welcome">
<h1>Thali</h1>
<p class="lead">One plate for a whole food business: menus, stock, orders, kitchen and money. It is running.</p>
<ul class="cards">
<li><a href="/docs"><b>Reference</b><span>${Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0)} operations with examples you can paste into a shell.</span></a></li>
<li><a href="/docs/realtime"><b>Real time</b><span>What can be followed over a WebSocket, and how a client that was away misses nothing.</span></a></li>
<li><a href="/problems"><b>Problems</b><span>The ${Object.keys(components.examples).length} codes a refusal can have, and what to do about each.</span></a></li>
<li><a href="/docs/permissions"><b>Permissions</b><span>Which role may do what.</span></a></li>
<li><a href="/docs/configuration"><b>Configuration</b><span>Every variable, with its default and what it is for.</span></a></li>
<li><a href="/docs/operations"><b>Operations</b><span>What to watch, and what to do when it looks wrong.</span></a></li>
<li><a href="/openapi.json"><b>OpenAPI</b><span>The same as a document, for your generator.</span></a></li>
<li><a href="/health"><b>Health</b><span>Whether everything it depends on is well.</span></a></li>
</ul>
<p class="from">${tags.map(({ name }, index) => html`${index > 0 ? ' · ' : ''}<a href="/docs#${tagId(name)}">${name}</a>`)}</p>
</section>`,
  });
