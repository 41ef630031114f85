import { writeFileSync } from 'node:fs';
import { configurationPage, envTemplate, TEMPLATES } from './config/document.ts';

/** Writes the page and the templates of the configuration from the schema that checks it. */
writeFileSync('CONFIGURATION.md', configurationPage());
for (const template of TEMPLATES) writeFileSync(`.env.${template}`, envTemplate(template));
