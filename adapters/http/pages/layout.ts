import { html as template } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup that is safe to send: whatever goes into an `html` template is escaped, unless it is such markup itself. */
export type Html = HtmlEscapedString;
export const html = (strings: TemplateStringsArray, ...values: readonly unknown[]): Html => template(strings, ...values) as Html;

const LINKS = [
  { path: '/docs', name: 'Reference' },
  { path: '/docs/realtime', name: 'Real time' },
  { path: '/problems', name: 'Problems' },
  { path: '/docs/configuration', name: 'Configuration' },
  { path: '/docs/permissions', name: 'Permissions' },
  { path: '/docs/operations', name: 'Operations' },
  { path: '/openapi.json', name: 'OpenAPI' },
  { path: '/health', name: 'Health' },
] as const;

type Page = {
  readonly title: string;
  readonly path: string;
  readonly version: string;
  /** What stands beside the text: the contents. */
  readonly side?: Html;
  readonly main: Html;
};

/** The frame every page has. There is no script in it and nothing from elsewhere. */
export const page = ({ title, path, version, side, main }: Page): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='14' fill='%23b45309'/%3E%3Ccircle cx='16' cy='16' r='9' fill='%23fff7ed'/%3E%3Ccircle cx='13' cy='14' r='3' fill='%23d97706'/%3E%3Ccircle cx='20' cy='17' r='3' fill='%2365a30d'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body class="${side ? 'with-side' : 'plain'}">
<a class="skip" href="#main">Skip to the text</a>
<header class="top">
<a class="brand" href="/">Thali <small>${version}</small></a>
${side ? html`<a class="menu" href="#contents">Contents</a>` : ''}
<nav aria-label="Pages">${LINKS.map((link) => html`<a href="${link.path}"${link.path === path ? html` aria-current="page"` : ''}>${link.name}</a>`)}</nav>
</header>
${side ? html`<nav class="side" id="contents" aria-label="Contents">${side}</nav>` : ''}
<main id="main">${main}</main>
</body>
</html>
`;

/** Plain paragraphs and lists, with `code` in backticks, as descriptions are written. */
export const prose = (text: string): Html[] =>
  text.split('\n\n').map((paragraph) => {
    const lines = paragraph.split('\n');
    const items = lines.filter((line) => line.startsWith('- '));
    if (items.length === lines.length) return html`<ul>${items.map((item) => html`<li>${inline(item.slice(2))}</li>`)}</ul>`;
    return html`<p>${inline(lines.join(' '))}</p>`;
  });

/** A line of text: `code`, operations, <fact> and our own addresses stand out. */
export const inline = (text: string): (string | Html)[] =>
  text
    .split(/(`[^`]+`|<\w+>|\b(?:GET|POST|PUT|PATCH|DELETE) \/[\w/{}-]*|(?<![\w/])\/(?:docs|problems|health|openapi\.json)\b)/)
    .map((part, index) => {
      if (index % 2 === 0) return part;
      if (part.startsWith('<')) return html`<var>${part.slice(1, -1)}</var>`;
      if (part.startsWith('/')) return html`<a href="${part}">${part}</a>`;
      return html`<code>${part.replaceAll('`', '')}</code>`;
    });

/** A JSON value, laid out and coloured. */
export const json = (value: unknown): Html => html`<pre class="json"><code>${tokens(JSON.stringify(value, null, 2))}</code></pre>`;

const TOKEN = /("(?:\\.|[^"\\])*"(?:\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b)/;

const tokens = (text: string): (string | Html)[] =>
  text.split(TOKEN).map((part, index) => {
    if (index % 2 === 0) return part;
    if (part.endsWith(':')) return html`<b>${part.slice(0, -1)}</b>:`;
    return part.startsWith('"') ? html`<i>${part}</i>` : html`<em>${part}</em>`;
  });
