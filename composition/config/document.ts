import { z } from 'zod';
import type { Variable } from '#adapters/http/pages/configuration.ts';
import type { About } from './variable.ts';
import { VARIABLES } from './variables.ts';

export const TEMPLATES = ['development', 'production', 'test'] as const;
export type Template = (typeof TEMPLATES)[number];

const WIDTH = 118;
const PURPOSE: Readonly<Record<Template, string>> = {
  development: 'For one machine: everything has a default, and there is a demo to log in to.',
  production: 'For the open internet. What stands empty is for you to fill in; the server says what is missing or weak.',
  test: 'For tests: nothing is kept, nothing is limited, passwords are quick to hash.',
};

const entries = Object.entries(VARIABLES) as readonly (readonly [string, readonly [z.ZodType, About]])[];

/** Every variable as its page tells of it. */
export const DOCUMENTED: readonly Variable[] = entries.map(([name, [schema, about]]) => ({
  name,
  group: about.group,
  description: about.description,
  fallback: about.otherwise ?? fallbackOf(schema),
  isSecret: about.isSecret === true,
}));

function fallbackOf(schema: z.ZodType): string {
  const text = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : '';
  return text === '' ? 'none' : `\`${text}\``;
}

const groups = (): readonly (readonly [string, readonly Variable[]])[] => [...Map.groupBy(DOCUMENTED, ({ group }) => group)];

/** The page as a file of the repository. */
export function configurationPage(): string {
  const tables = groups().map(([group, variables]) =>
    [
      `## ${group}`,
      '',
      '| variable | without it | |',
      '| --- | --- | --- |',
      ...variables.map(
        ({ name, fallback, description, isSecret }) => `| \`${name}\` | ${fallback} | ${description}${isSecret ? ' Kept secret.' : ''} |`,
      ),
      '',
    ].join('\n'),
  );
  return [
    '# Configuration',
    '',
    'Thali is configured by its environment and by nothing else. It checks all of it before it starts, and names every variable that',
    'is wrong. `npm start -- --print-config` shows what it would run with, its secrets masked.',
    '',
    'This page and the templates `.env.development`, `.env.production` and `.env.test` are written by `npm run config:docs`.',
    'Use one with `node --env-file=FILE composition/main.ts`.',
    '',
    ...tables,
  ].join('\n');
}

/** A file of variables for one kind of installation: what it sets is set, everything else stands there as a comment. */
export function envTemplate(template: Template): string {
  const lines = groups().flatMap(([group, variables]) => [
    `# ${group}`,
    '',
    ...variables.flatMap(({ name, description, fallback }) => {
      const value = (VARIABLES as Readonly<Record<string, readonly [z.ZodType, About]>>)[name]?.[1][template];
      const plain = fallback.replaceAll('`', '');
      return [...wrapped(`${description} Without it: ${plain}.`), value === undefined ? `# ${name}=` : `${name}=${value}`, ''];
    }),
  ]);
  return [`# ${PURPOSE[template]}`, '# Written by npm run config:docs; see CONFIGURATION.md.', '', ...lines].join('\n');
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = line;
  }
  return lines.map((line) => `#${line}`);
}
