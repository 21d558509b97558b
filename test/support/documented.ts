import { readFile } from 'node:fs/promises';

/** A page of the documentation, such as `docs/graphql.md`. */
export function readPage(path: string): Promise<string> {
  return readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The blocks of a page that are in `language`, in order, without the indentation of a list's. */
export function blocksOf(page: string, language: string): string[] {
  const blocks = page.matchAll(new RegExp(`^([ ]*)\`\`\`${language}\\n(.*?)^[ ]*\`\`\`$`, 'gms'));
  return [...blocks].map(([, indent = '', text = '']) =>
    text.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
}
