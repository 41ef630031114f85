import { readdirSync, readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import type { Facts, Templates, Written } from '#application/notifications/email/ports.ts';
import { isTemplateName, TEMPLATE_NAMES, type TemplateName } from '#domain/notifications/email/templates.ts';
import { viewOf } from './view.ts';

type Format = 'html' | 'text';
type Compiled = Readonly<Record<'subject' | 'preheader' | 'why' | 'html' | 'text', Handlebars.TemplateDelegate>> & { readonly tone: string };

const FOLDERS = ['account', 'orders', 'others'] as const;
const COLOURS: Readonly<Record<string, string>> = { good: '#2f855a', bad: '#b3261e', plain: '#a8380b' };
const SUBJECT_MAX = 150;
const PREHEADER_MAX = 140;
/** Fills the preview up, so that mail programs do not go on with what follows in the mail. */
const FILLER = '&#847;&zwnj;&nbsp;'.repeat(60);
/** The only helpers there are: none of them reaches beyond what it is handed. */
const HELPERS = ['if', 'unless', 'each'] as const;

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const nameOf = (file: string): string => file.replace(/\.hbs$/, '');

/**
 * Every mail is one file, with parts that exist twice: as HTML, where every fact is escaped, and as text. All are read and tried
 * at the start, so that one that does not compile stops it.
 */
export function handlebarsTemplates({ brand }: { readonly brand: string }): Templates {
  const formats = { html: formatOf('html'), text: formatOf('text') };
  const mails = new Map(FOLDERS.flatMap((folder) => readdirSync(new URL(folder, import.meta.url)).map((file) => compile(formats, folder, file))));
  const missing = TEMPLATE_NAMES.filter((name) => !mails.has(name));
  if (missing.length > 0) throw new Error(`there is no text for ${missing.join(', ')}`);

  const write = (name: TemplateName, facts: Facts): Written => {
    const { subject, preheader, why, html, text, tone } = mails.get(name) as Compiled;
    const view = viewOf(name, facts, brand);
    const test = view['isTest'] === true ? '[Test] ' : '';
    const frame = {
      ...view,
      subject: `${test}${oneLine(subject(view), SUBJECT_MAX)}`,
      preheader: oneLine(preheader(view), PREHEADER_MAX),
      why: oneLine(why(view), SUBJECT_MAX),
      filler: FILLER,
      colour: COLOURS[tone] ?? COLOURS['plain'],
    };
    return {
      subject: frame.subject,
      html: formats.html.layout({ ...frame, body: html(view) }),
      text: tidy(formats.text.layout({ ...frame, body: text(view) })),
    };
  };
  for (const name of TEMPLATE_NAMES) write(name, {});
  return { write: (name, facts) => (isTemplateName(name) ? write(name, facts) : undefined) };
}

function formatOf(format: Format) {
  const handlebars = Handlebars.create();
  for (const name of Object.keys(handlebars.helpers)) if (!(HELPERS as readonly string[]).includes(name)) handlebars.unregisterHelper(name);
  const options = { knownHelpersOnly: true, noEscape: format === 'text' };
  for (const file of readdirSync(new URL(format, import.meta.url))) {
    handlebars.registerPartial(nameOf(file), handlebars.compile(read(`${format}/${file}`), options));
  }
  return { compile: (source: string) => handlebars.compile(source, options), layout: handlebars.compile(read(`${format}/layout.hbs`), options) };
}

/** A file begins with lines about the mail, `subject: …`, until `---`; then comes what it says. */
function compile({ html, text }: Record<Format, ReturnType<typeof formatOf>>, folder: string, file: string): readonly [string, Compiled] {
  const [head = '', ...body] = read(`${folder}/${file}`).split('\n---\n');
  const about = new Map(head.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  const line = (name: string) => text.compile(about.get(name) ?? '');
  const source = body.join('\n---\n');
  return [
    nameOf(file),
    {
      subject: line('subject'),
      preheader: line('preheader'),
      why: line('why'),
      html: html.compile(source),
      text: text.compile(source),
      tone: about.get('tone') ?? 'plain',
    },
  ];
}

/** Nothing that would begin another header. */
const oneLine = (text: string, max: number): string => [...text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()].slice(0, max).join('');

const tidy = (text: string): string =>
  `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
