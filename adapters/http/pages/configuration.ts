import { type Html, html, inline, page } from './layout.ts';

/** One variable of the environment, as it is told to operators. */
export type Variable = {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  /** What holds when it is not set. */
  readonly fallback: string;
  readonly isSecret: boolean;
};

/** Every variable there is, group by group, with an anchor for each. It says what may be set, and nothing of what is. */
export function configurationPageOf(variables: readonly Variable[], version: string): Html {
  const groups = [...Map.groupBy(variables, ({ group }) => group)];
  const side = html`<p class="all"><a href="#main">Configuration</a></p>${groups.map(
    ([group, members]) =>
      html`<section><h2><a href="#${anchor(group)}">${group}</a></h2><ul>${members.map(
        ({ name }) =>
          html`<li><a href="#${name}"><span>${name.split('_').map((word, i) => html`${i > 0 ? html`_<wbr>` : ''}${word}`)}</span></a></li>`,
      )}</ul></section>`,
  )}`;
  const main = html`<section class="start"><div class="words">
<h1>Configuration</h1>
<p class="lead">The ${variables.length} variables of the environment. There are no others.</p>
<p>All of them are checked before the server starts. <code>npm start -- --print-config</code> shows what it would run with.</p>
</div></section>
${groups.map(([group, members]) => html`<section class="tag" id="${anchor(group)}"><h2>${group}</h2>${members.map(entry)}</section>`)}`;
  return page({ title: 'Thali: configuration', path: '/docs/configuration', version, side, main });
}

const anchor = (group: string): string => `group-${group.toLowerCase().replaceAll(' ', '-')}`;

const entry = ({ name, description, fallback, isSecret }: Variable): Html => html`<article class="problem" id="${name}">
<h3><a href="#${name}"><code>${name}</code></a></h3>
<p>${inline(description)}${isSecret ? ' Kept secret.' : ''}</p>
<p class="from">Without it: ${inline(fallback)}</p>
</article>`;
