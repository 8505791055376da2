import { writeFileSync } from 'node:fs';
import { apiPage } from './api-page.ts';
import { configurationPage } from './configuration-page.ts';

/** `npm run docs`: the pages that are made from the code. */
const docs = new URL('../../docs/', import.meta.url);
writeFileSync(new URL('api.md', docs), apiPage());
writeFileSync(new URL('configuration.md', docs), configurationPage());
