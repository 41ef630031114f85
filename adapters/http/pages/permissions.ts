import { accessWords, HANDING_WORDS, PERMISSION_ENTRIES, type PermissionEntry, ROLE_ENTRIES } from '../permission-matrix.ts';
import type { AnyRoute } from '../route.ts';
import { type Html, html, inline, page } from './layout.ts';

const PLATFORM = ROLE_ENTRIES.flatMap(({ role, scope }) => (scope === 'platform' ? [role] : []));
const nounOf = ({ permission }: PermissionEntry): string => permission.split(':', 1)[0] as string;
const anchor = (name: string): string => `permissions-${name}`;

/** Roles by permissions, with what each is for and which operations take it. */
export function permissionsPage(routes: readonly AnyRoute[], version: string): Html {
  const groups = [...Map.groupBy(PERMISSION_ENTRIES, nounOf)];
  const open = routes.filter(({ access }) => typeof access === 'string');
  const side = html`<p class="all"><a href="#matrix">Who may what</a></p>
${groups.map(
  ([noun, entries]) =>
    html`<section><h2><a href="#${anchor(noun)}">${noun}</a></h2><ul>${entries.map(
      ({ permission }) => html`<li><a href="#${permission}"><span>${permission}</span></a></li>`,
    )}</ul></section>`,
)}
<section><h2><a href="#open">without a permission</a></h2></section>`;
  const main = html`<section class="start"><div class="words">
<h1>Permissions</h1>
<p class="lead">${PERMISSION_ENTRIES.length} permissions, and the ${ROLE_ENTRIES.length} roles that every installation has.</p>
<p>A role holds in one restaurant; ${PLATFORM.map((role, n) => html`${n > 0 ? ' and ' : ''}<code>${role}</code>`)} hold on the platform, and so in all of them.
A restaurant makes roles of its own out of what their maker may do. <code>npm run permissions:docs</code> writes the same as a file.</p>
</div></section>
<section class="tag" id="matrix"><h2>Who may what</h2><div class="matrix" tabindex="0" role="region" aria-label="Roles by permissions">${matrix(groups)}</div></section>
${groups.map(
  ([noun, entries]) => html`<section class="tag" id="${anchor(noun)}"><h2>${noun}</h2>${entries.map((entry) => article(entry, routes))}</section>`,
)}
<section class="tag" id="open"><h2>Without a permission</h2><article class="problem"><ul class="asked">${open.map(operation)}</ul></article></section>`;
  return page({ title: 'Thali: permissions', path: '/docs/permissions', version, side, main });
}

const matrix = (groups: readonly (readonly [string, readonly PermissionEntry[]])[]): Html => html`<table>
<thead><tr><th scope="col">permission</th>${ROLE_ENTRIES.map(({ role }) => html`<th scope="col">${role}</th>`)}</tr></thead>
${groups.map(
  ([, entries]) =>
    html`<tbody>${entries.map(
      ({ permission, roles }) =>
        html`<tr><th scope="row"><a href="#${permission}"><code>${permission}</code></a></th>${ROLE_ENTRIES.map(({ role }) =>
          roles.includes(role) ? html`<td class="may"><span aria-label="yes">●</span></td>` : html`<td><span aria-label="no">·</span></td>`,
        )}</tr>`,
    )}</tbody>`,
)}
</table>`;

const article = (entry: PermissionEntry, routes: readonly AnyRoute[]): Html => {
  const { permission, purpose, roles, handedOnBy, isForKeys } = entry;
  const asking = routes.filter(({ access }) => typeof access === 'object' && access.permission === permission);
  return html`<article class="problem" id="${permission}">
<h3><a href="#${permission}"><code>${permission}</code></a></h3>
<p>${purpose}.</p>
<p class="from">${roles.join(', ')}. In a role of a restaurant’s own: by ${HANDING_WORDS[handedOnBy]}.${isForKeys ? ' Programs can be given it.' : ''}</p>
<ul class="asked">${asking.map(operation)}</ul>
</article>`;
};

const operation = ({ method, path, access, operationId, summary }: AnyRoute): Html =>
  html`<li><a href="/docs#${operationId}"><code>${method.toUpperCase()} ${path}</code></a> ${summary}${
    typeof access === 'object' && access.in === 'restaurant' ? '' : html` <small>(${inline(accessWords(access))})</small>`
  }</li>`;
