import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { startServer } from '../support/latchkey.js';
import { freePort } from '../support/programs/free-port.js';

const read = (name: string) => readFile(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

interface Container {
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly key: string } };
  }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly enableServiceLinks?: boolean;
        readonly containers: readonly Container[];
      };
    };
  };
}

/** What the comment at the top of the Kubernetes example puts into its secret. */
const SECRET: Readonly<Record<string, string>> = {
  DATABASE_URL: 'mysql://latchkey:abc123@latchkey-mysql:3306/latchkey',
};

test('the Kubernetes example has no mistake in its settings, and its own services add none', async () => {
  const manifests = parseAllDocuments(await read('kubernetes.yaml')).map(
    (document) => document.toJS() as Manifest,
  );
  const latchkey = manifests.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'latchkey',
  );
  const pod = latchkey?.spec.template.spec;
  const env = Object.fromEntries(
    (pod?.containers[0]?.env ?? []).map(({ name, value, valueFrom }) => [
      name,
      value ?? SECRET[valueFrom?.secretKeyRef.key ?? ''],
    ]),
  );
  expect(loadConfig(env)).toMatchObject({
    publicUrl: 'https://latchkey.example.com',
    host: '0.0.0.0',
    database: { engine: 'mysql', host: 'latchkey-mysql' },
    redisUrl: 'redis://latchkey-redis:6379',
    explorer: false,
  });
  // A pod is otherwise told of each service in variables such as LATCHKEY_PORT, which are not settings of ours.
  expect(() => loadConfig({ ...env, LATCHKEY_PORT: 'tcp://10.96.0.7:80' })).toThrow(
    'LATCHKEY_PORT',
  );
  expect(pod?.enableServiceLinks).toBe(false);
});

test('the example of a cluster has no mistake in its settings', async () => {
  const { services } = await composeExample('compose.cluster.yaml');
  const servers = Object.entries(services).filter(([name]) => name.startsWith('latchkey-'));
  expect(servers).toHaveLength(3);
  for (const [, { environment = {} }] of servers) {
    expect(loadConfig({ ...(await imageSettings()), ...environment })).toMatchObject({
      publicUrl: 'https://localhost',
      database: { engine: 'mysql', host: 'mysql' },
      redisUrl: 'redis://redis:6379',
      explorer: false,
    });
  }
});

test('the image starts with its own settings alone, and keeps its data in the volume', async () => {
  const settings = await imageSettings();
  expect(loadConfig(settings)).toMatchObject({
    host: '0.0.0.0',
    port: 4000,
    database: { engine: 'sqlite', path: '/data/latchkey.sqlite' },
    explorer: false,
  });
  const dockerfile = await read('Dockerfile');
  expect(dockerfile).toMatch(/^VOLUME \/data$/m);
  expect(dockerfile).toMatch(/^EXPOSE 4000$/m);
  // A volume that is mounted at a folder of another user's could not be written.
  for (const folder of ['/data', '/registry-keys']) {
    expect(dockerfile).toMatch(new RegExp(`install .*--owner=node .*${folder}`));
  }
});

test('the image is healthy while its server is ready', async () => {
  const [, command = ''] = /HEALTHCHECK .*?CMD (\[.*?\])\n/s.exec(await read('Dockerfile')) ?? [];
  const [, ...args] = JSON.parse(command) as string[];
  await using latchkey = await startServer();
  const check = (port: string) => {
    const child = spawn(process.execPath, args, { env: { ...process.env, PORT: port } });
    return once(child, 'close').then(([exitCode]) => exitCode);
  };
  expect(await check(new URL(latchkey.url).port)).toBe(0);
  expect(await check(String(await freePort()))).toBe(1);
});

test('the small example has no mistake in its settings, and its parts agree', async () => {
  const { services, volumes } = await composeExample('compose.yaml');
  const { latchkey, registry, proxy } = services;
  const config = loadConfig({ ...(await imageSettings()), ...latchkey?.environment });
  const { token } = parse(await read('registry.yml')).auth;
  expect(config).toMatchObject({
    publicUrl: 'https://localhost',
    registry: {
      service: token.service,
      issuer: token.issuer,
      url: 'http://registry:5000',
      host: 'localhost:5443',
    },
  });
  expect(registry?.environment?.['REGISTRY_AUTH_TOKEN_REALM']).toBe(
    `${config.publicUrl}/registry/token`,
  );
  const keys = config.registry?.keysFolder;
  expect([token.rootcertbundle, token.jwks]).toEqual([
    `${keys}/certificate.pem`,
    `${keys}/jwks.json`,
  ]);
  // The registry may read the keys and write none; the database is in a volume that it does not have.
  expect(registry?.volumes).toContain(`registry-keys:${keys}:ro`);
  expect(registry?.volumes?.join()).not.toMatch(/\bdata:/);
  expect(registry?.depends_on).toEqual({ latchkey: { condition: 'service_healthy' } });
  expect(proxy?.ports).toContain('5443:5443');
  expect(Object.keys(volumes)).toEqual(['data', 'registry-keys', 'images', 'caddy']);
});

interface Service {
  readonly environment?: Record<string, string>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: object;
}

/** An example as compose reads it where nothing is set; what has no default is `abc123`. */
async function composeExample(name: string) {
  const text = (await read(name)).replace(
    /\$\{\w+(?::-([^}]*)|:\?)\}/g,
    (_, fallback: string | undefined) => fallback ?? 'abc123',
  );
  return parse(text) as { services: Record<string, Service>; volumes: object };
}

/** What the image sets by itself. */
async function imageSettings(): Promise<Record<string, string>> {
  const [, line = ''] = /^ENV (.*)$/m.exec(await read('Dockerfile')) ?? [];
  return Object.fromEntries(line.split(' ').map((pair) => pair.split('=') as [string, string]));
}
