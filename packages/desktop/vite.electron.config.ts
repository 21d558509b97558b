import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Main and preload, each as one CommonJS file: a sandboxed preload can be nothing else, and a main without
 * `node_modules` starts faster and packs smaller. Everything but Electron and Node itself is bundled.
 */
export default defineConfig(({ mode }) => {
  if (mode !== 'main' && mode !== 'preload') throw new Error('Give --mode main or --mode preload.');
  return {
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir: here(`./dist/${mode}`),
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: here(`./src/${mode}/${mode}.ts`),
        external: ['electron', 'bufferutil', 'utf-8-validate', ...nodeModules()],
        output: { format: 'cjs', entryFileNames: `${mode}.cjs`, codeSplitting: false },
      },
    },
  };
});

function nodeModules(): string[] {
  return [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];
}
