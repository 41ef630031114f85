import type { OpenApi, Operation, Parameter, Reply } from '../openapi/model.ts';
import type { Access } from '../route.ts';
import { curlOf } from './curl.ts';
import { type Html, html, inline, json, prose } from './layout.ts';
import { hasFields, schemaListing, typeOf } from './schema.ts';

export type Entry = { readonly method: string; readonly path: string; readonly operation: Operation };
type Titles = OpenApi['components']['examples'];
type Content = NonNullable<Reply['content']>;

/** One operation: what it says on the left, what to type and what comes back on the right. */
export const operationArticle = (entry: Entry, titles: Titles): Html => html`<article class="operation" id="${entry.operation.operationId}">
<div class="words">${words(entry, titles)}</div>
<div class="code">${code(entry)}</div>
</article>`;

function words({ method, path, operation }: Entry, titles: Titles): Html {
  const { operationId, summary, description, parameters, requestBody: body, responses } = operation;
  const [problems, answers] = partition(Object.entries(responses));
  const address = path.split(/(\{\w+\})/).map((part, index) => (index % 2 === 0 ? part : html`<var>${part}</var>`));
  return html`
<h3><a href="#${operationId}">${summary}</a></h3>
<p class="address"><span class="verb ${method}">${method.toUpperCase()}</span> <code>${address}</code> ${badge(operation['x-permission'])}</p>
${prose(description)}
${parameters.length > 0 ? html`<h4>Parameters</h4>${parameterList(parameters)}` : ''}
${body ? html`<h4>Body <small>${body.required ? 'required' : 'optional'}. ${body.description}</small></h4>${bodyListing(body.content)}` : ''}
<h4>Answers</h4>
${answers.map(([status, reply]) => answer(status, reply))}
${problemTable(problems, titles)}
`;
}

function code({ method, path, operation }: Entry): Html {
  const { requestBody, responses } = operation;
  const [, answers] = partition(Object.entries(responses));
  const otherBodies = examplesOf(requestBody?.content).slice(1); // The first is in the command.
  return html`
${figure('Request', '', html`<pre><code>${curlOf(method, path, operation)}</code></pre>`)}
${otherBodies.map(([type, example]) => figure('Or', type, shown(example)))}
${answers.flatMap(([status, { content }]) => examplesOf(content).map(([type, example]) => figure(`Answer ${status}`, type, shown(example))))}
`;
}

export const figure = (title: string, note: string, content: Html): Html =>
  html`<figure><figcaption>${title}${note === '' ? '' : html` <small>${note}</small>`}</figcaption>${content}</figure>`;

function badge(access: Access): Html {
  if (access === 'public') return html`<span class="badge open">public</span>`;
  return html`<span class="badge">${access === 'authenticated' ? 'signed in' : access.permission}</span>`;
}

const parameterList = (parameters: readonly Parameter[]): Html =>
  html`<ul class="fields">${parameters.map(
    ({ name, in: place, required, description, schema }) =>
      html`<li class="field"><code class="name">${name}</code> <span class="place">${place}</span> ${
        required ? html`<span class="must">required</span> ` : ''
      }${schemaListing(schema, 'input')}${description === undefined ? '' : html`<p>${inline(description)}</p>`}</li>`,
  )}</ul>`;

const bodyListing = (content: Content): Html[] =>
  Object.entries(content).map(([type, { schema }]) => html`<p class="media"><code>${type}</code></p>${schemaListing(schema, 'input')}`);

function answer(status: string, { description, headers = {}, content = {} }: Reply): Html {
  const schema = Object.values(content)[0]?.schema;
  const type = schema && !hasFields(schema) ? typeOf(schema) : '';
  const names = Object.entries(headers).map(
    ([name, header]) =>
      html`<li class="field"><code class="name">${name}</code> <span class="place">header</span> <p>${inline(header.description)}</p></li>`,
  );
  return html`<section class="answer"><p><b class="status">${status}</b> ${inline(description)} ${type}</p>
${names.length > 0 ? html`<ul class="fields">${names}</ul>` : ''}
${schema && hasFields(schema) ? html`<details><summary>fields</summary>${schemaListing(schema, 'output')}</details>` : ''}</section>`;
}

function problemTable(problems: readonly (readonly [string, Reply])[], titles: Titles): Html {
  const rows = problems.flatMap(([status, { content }]) =>
    Object.keys(content?.[PROBLEM]?.examples ?? {}).map(
      (name) => html`<tr><td>${status}</td><td><a href="/problems#${name}"><code>${name}</code></a></td><td>${titles[name]?.summary}</td></tr>`,
    ),
  );
  return html`<table class="problems"><caption>Problems</caption><thead><tr><th>Status</th><th>Code</th><th>What it means</th></tr></thead><tbody>${rows}</tbody></table>`;
}

const PROBLEM = 'application/problem+json';

function partition(replies: readonly (readonly [string, Reply])[]) {
  const isProblem = ([, { content }]: readonly [string, Reply]): boolean => content?.[PROBLEM] !== undefined;
  return [replies.filter(isProblem), replies.filter((reply) => !isProblem(reply))] as const;
}

const examplesOf = (content: Content = {}): (readonly [string, unknown])[] =>
  Object.entries(content).flatMap(([type, { example }]) => (example === undefined ? [] : [[type, example] as const]));

const shown = (example: unknown): Html => (typeof example === 'string' ? html`<pre><code>${example}</code></pre>` : json(example));
