import { writeFile } from 'node:fs/promises';
import { configPage } from './src/config/reference.ts';

/** Writes what documents derive from the code. */
await writeFile(new URL('../../docs/configuration.md', import.meta.url), configPage());
