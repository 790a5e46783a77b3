import { writeFile } from 'node:fs/promises';
import { databases } from './src/databases.ts';
import { generatedText } from './src/generated-text.ts';

for (const source of databases) {
  const file = new URL(`./src/${source.file}.generated.ts`, import.meta.url);
  await writeFile(file, generatedText(source));
  process.stdout.write(`${source.file}.generated.ts: ${source.release}\n`);
}
