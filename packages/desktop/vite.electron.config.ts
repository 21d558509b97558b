import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const HELPERS = 'credential-helpers';

/** Each program's sources, and the folder below `dist` that its one file goes to. */
const PROGRAMS: Readonly<Record<string, { readonly source: string; readonly folder: string }>> = {
  main: { source: 'main/main.ts', folder: 'main' },
  preload: { source: 'preload/preload.ts', folder: 'preload' },
  'docker-credential-latchkey': helper('docker'),
  'git-credential-latchkey': helper('git'),
};

/**
 * Main, preload and the credential helpers, each as one CommonJS file: a sandboxed preload can be nothing else, and a
 * program without `node_modules` starts faster and packs smaller. Everything but Electron and Node itself is bundled.
 */
export default defineConfig(({ mode }) => {
  const program = PROGRAMS[mode];
  if (program === undefined) throw new Error(`Give --mode ${Object.keys(PROGRAMS).join(' or ')}.`);
  const isHelper = program.folder === HELPERS;
  return {
    define: {
      'process.env.NODE_ENV': '"production"',
      LATCHKEY_VERSION: JSON.stringify(packageVersion()),
    },
    resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir: here(`./dist/${program.folder}`),
      // The helpers share a folder.
      emptyOutDir: !isHelper,
      minify: false,
      sourcemap: !isHelper,
      rollupOptions: {
        input: here(`./src/${program.source}`),
        external: ['electron', 'bufferutil', 'utf-8-validate', ...nodeModules()],
        output: {
          format: 'cjs',
          entryFileNames: `${mode}.cjs`,
          codeSplitting: false,
          ...(isHelper && { banner: '#!/usr/bin/env node' }),
        },
      },
    },
  };
});

function helper(client: 'docker' | 'git') {
  return { source: `${HELPERS}/${client}-credential-latchkey.ts`, folder: HELPERS };
}

function packageVersion(): string {
  return JSON.parse(readFileSync(here('./package.json'), 'utf8')).version;
}

function nodeModules(): string[] {
  return [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];
}
