import { readFile } from 'node:fs/promises';
import { loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

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

test('the compose example has no mistake in its settings', async () => {
  const text = (await read('compose.yaml')).replace(
    /\$\{\w+(?::-([^}]*)|:\?)\}/g,
    (_, fallback: string | undefined) => fallback ?? 'abc123',
  );
  const { services } = parse(text) as {
    services: Record<string, { environment?: Record<string, string> }>;
  };
  const servers = Object.entries(services).filter(([name]) => name.startsWith('latchkey-'));
  expect(servers).toHaveLength(3);
  for (const [, { environment = {} }] of servers) {
    expect(loadConfig(environment)).toMatchObject({
      publicUrl: 'https://localhost',
      database: { engine: 'mysql', host: 'mysql' },
      redisUrl: 'redis://redis:6379',
      explorer: false,
    });
  }
});
