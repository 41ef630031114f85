import { type Html, html, inline, page, prose } from './layout.ts';

type Named = { readonly $ref: string };
type Message = {
  readonly name: string;
  readonly summary: string;
  readonly payload: { readonly properties?: Properties };
  readonly 'x-awaited'?: true;
};
type Properties = Readonly<Record<string, { readonly properties?: Properties; readonly description?: string }>>;
/** As much of the document of the sockets as the page shows. */
export type SocketApi = {
  readonly info: { readonly version: string; readonly description: string };
  readonly channels: Readonly<
    Record<string, { readonly address: string; readonly description: string; readonly messages: Readonly<Record<string, Named>> }>
  >;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
  readonly 'x-close-codes': readonly { readonly code: number; readonly reason: string; readonly comesBack: boolean }[];
  readonly 'x-errors': readonly { readonly code: number; readonly message: string; readonly temporary?: boolean }[];
};

/** What can be followed over WebSockets, and how. */
export function realtimePage({ info, channels, components, ...codes }: SocketApi, url: string): Html {
  const { socket, ...followed } = channels;
  const commands = Object.keys(socket?.messages ?? {}).flatMap((name) => components.messages[name] ?? []);
  const events = Object.values(components.messages).filter(({ name }) => name.includes('.'));
  const side = html`<p class="all"><a href="#main">In real time</a></p>
<section><h2><a href="#channels">Channels</a></h2><ul>${Object.entries(followed).map(([id, { address }]) => html`<li><a href="#${id}"><span>${address.replaceAll(/\{\w+\}/g, '…')}</span></a></li>`)}</ul></section>
<section><h2><a href="#events">Events</a></h2><ul>${events.map(({ name }) => html`<li><a href="#${name}"><span>${name}</span></a></li>`)}</ul></section>
<section><h2><a href="#commands">Commands</a></h2></section><section><h2><a href="#codes">Codes</a></h2></section>`;
  const main = html`<section class="start"><div class="words">
<h1>In real time</h1>
<p class="lead">${Object.keys(followed).length} kinds of channels, ${events.length} events, one socket.</p>
${prose(info.description)}
<pre class="said"><code>${EXAMPLE.replace('URL', url.replace(/^http/, 'ws'))}</code></pre>
<p>The whole of it as a document: <a href="/asyncapi.json">AsyncAPI 3</a>.</p>
</div></section>
<section class="tag" id="channels"><h2>Channels</h2>${Object.entries(followed).map(
    ([id, { address, description, messages }]) => html`<article class="problem" id="${id}"><h3><a href="#${id}"><code>${address}</code></a></h3>
<p>${inline(description)}</p><p class="from">${Object.keys(messages).map((name, i) => html`${i > 0 ? ' · ' : ''}<a href="#${name}">${name}</a>`)}</p></article>`,
  )}</section>
<section class="tag" id="events"><h2>Events</h2>${events.map(eventEntry)}</section>
<section class="tag" id="commands"><h2>Commands</h2>${commands.map(
    ({ name, summary }) => html`<article class="problem"><h3><code>${name}</code></h3><p>${inline(summary)}</p></article>`,
  )}</section>
<section class="tag" id="codes"><h2>Codes</h2>
<article class="problem"><h3>The socket is closed with</h3><ul>${codes['x-close-codes'].map(
    ({ code, reason, comesBack }) =>
      html`<li><code>${code}</code> ${reason}; the client ${comesBack ? 'comes back by itself' : 'does not come back'}</li>`,
  )}</ul></article>
<article class="problem"><h3>A command is refused with</h3><ul>${codes['x-errors'].map(
    ({ code, message, temporary }) => html`<li><code>${code}</code> ${message}${temporary ? '; for now' : ''}</li>`,
  )}</ul></article></section>`;
  return page({ title: 'Thali: in real time', path: '/docs/realtime', version: info.version, side, main });
}

const EXAMPLE = `import { Centrifuge } from 'centrifuge';

const client = new Centrifuge('URL/connection/websocket', { token, getToken });
const orders = client.newSubscription('restaurant:RESTAURANT:orders');
orders.on('publication', ({ data }) => console.log(data.type, data.data));
orders.on('subscribed', ({ wasRecovering, recovered }) => wasRecovering && !recovered && readOrdersAgain());
orders.subscribe();
client.connect();`;

const eventEntry = ({ name, summary, payload, ...more }: Message): Html => html`<article class="problem" id="${name}">
<h3><a href="#${name}"><code>${name}</code></a></h3>
<p>${inline(summary)}</p>
<p class="from">${inline(
  Object.keys(payload.properties?.['data']?.properties ?? {})
    .map((field) => `\`${field}\``)
    .join(' '),
)}${more['x-awaited'] ? ' · not told yet: what it stands for is still to come' : ''}</p>
</article>`;
