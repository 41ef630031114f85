import type { ProblemEntry } from '../problem-codes.ts';
import { type Html, html, inline, json, page } from './layout.ts';

const OPERATIONS_SHOWN = 12;

/** Every code there is, module by module. Each has its own anchor: a problem's `type` points to it. */
export function problemsPage(entries: readonly ProblemEntry[], version: string): Html {
  const modules = [...Map.groupBy(entries, ({ module }) => module)];
  const side = html`<p class="all"><a href="#main">Problems</a></p>${modules.map(
    ([module, group]) =>
      html`<section><h2><a href="#module-${module}">${module}</a></h2><ul>${group.map(
        ({ code, status }) =>
          html`<li><a href="#${code}"><span class="verb s${Math.floor(status / 100)}">${status}</span><span>${breakable(code.slice(module.length + 1))}</span></a></li>`,
      )}</ul></section>`,
  )}`;
  const main = html`<section class="start"><div class="words">
<h1>Problems</h1>
<p class="lead">The ${entries.length} codes an answer can refuse with. There are no others.</p>
<p>A refusal is <code>application/problem+json</code> (RFC 9457). Decide by its <code>code</code>, show its <code>detail</code>, quote its <code>traceId</code> when you ask. A 4xx has changed nothing of what was asked for.
A <var>word</var> below stands for what the answer fills in; those facts are members of the problem too.</p>
</div><div class="code"><figure><figcaption>For example</figcaption>${json(sampleOf(entries))}</figure></div></section>
${modules.map(([module, group]) => html`<section class="tag" id="module-${module}"><h2>${module}</h2>${group.map(entry)}</section>`)}`;
  return page({ title: 'Thali: problems', path: '/problems', version, side, main });
}

/** A long name may break after any of its words. */
const breakable = (name: string): Html[] => name.split('_').map((word, index) => html`${index > 0 ? html`_<wbr>` : ''}${word}`);

const entry = ({ code, status, title, details, operations }: ProblemEntry): Html => html`<article class="problem" id="${code}">
<h3><a href="#${code}"><code>${code}</code></a> <span class="verb s${Math.floor(status / 100)}">${status}</span></h3>
<p class="title">${title}</p>
${details.map((detail, index) => html`<p>${index > 0 ? html`<small>or</small> ` : ''}${inline(detail)}</p>`)}
${operations.length === 0 ? '' : html`<p class="from">${operationLinks(operations)}</p>`}
</article>`;

function operationLinks(operations: readonly string[]): Html {
  if (operations.length > OPERATIONS_SHOWN) return html`From ${operations.length} operations`;
  return html`From ${operations.map((id, index) => html`${index > 0 ? ', ' : ''}<a href="/docs#${id}">${id}</a>`)}`;
}

const sampleOf = (entries: readonly ProblemEntry[]) => {
  const { code, title, status, details } = (entries.find(({ status }) => status === 409) ?? entries[0]) as ProblemEntry;
  return {
    type: `/problems#${code}`,
    title,
    status,
    detail: details[0],
    instance: '/orders',
    code,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    timestamp: '2026-11-21T10:30:00.000Z',
  };
};
