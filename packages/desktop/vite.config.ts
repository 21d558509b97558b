import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

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
    plugins: [react()],
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
