import { writeFile } from 'node:fs/promises';
import { auditPage } from './src/audit/page.ts';
import { configPage } from './src/config/reference.ts';

/** Writes what documents derive from the code. */
await writeFile(new URL('../../docs/configuration.md', import.meta.url), configPage());
await writeFile(new URL('../../docs/guides/audit.md', import.meta.url), auditPage());
