import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The screens, once for the desktop's window and once for the browser: `--mode desktop` or `--mode console`. Both use
 * absolute addresses, since a page's own address (`/tokens/ID`) is not where its assets are.
 */
export default defineConfig(({ mode }) => {
  if (mode !== 'desktop' && mode !== 'console') {
    throw new Error('Give --mode desktop or --mode console.');
  }
  return {
    root: here(`./src/renderer/entries/${mode}`),
    publicDir: here('./src/renderer/public'),
    base: '/',
    plugins: [react(), ...(mode === 'console' ? [gzipped()] : [])],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: 'es2023',
      outDir: here(mode === 'desktop' ? './dist/renderer' : './dist/console'),
      emptyOutDir: true,
      // Nothing inlined: the page's content security policy allows no data: font or script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 600,
    },
  };
});

/** Puts its gzipped form beside each script and style, so that a server has nothing to compress while it is asked. */
function gzipped(): Plugin {
  return {
    name: 'gzipped',
    // What was written, and not what is on the way there: Vite still takes marks of its own out at the end.
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|css)$/.test(name)) continue;
        const path = join(dir, name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}
