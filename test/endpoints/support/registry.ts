import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type TestServer } from '../../support/latchkey.js';
import { freePort } from '../../support/programs/free-port.js';
import { type Output, run, start } from './programs.js';
import { Undo } from './undo.js';

export const REGISTRY_PROGRAMS = ['docker-registry', 'skopeo'] as const;
export const SERVICE = 'test-registry';

export interface RegistryUnderTest extends AsyncDisposable {
  readonly latchkey: TestServer;
  /** `127.0.0.1:PORT`, as it stands in an image's name. */
  readonly host: string;
  /** Temporary, for whatever a test needs. */
  readonly folder: string;
  /** An image that is in no registry yet, as skopeo names it. */
  readonly image: string;
}

/**
 * A Docker registry that takes Latchkey's word. Real programs need the real time.
 * @param running a server that is there already; without it, one is started and stopped with the registry.
 */
export async function startRegistry(running?: TestServer): Promise<RegistryUnderTest> {
  const undo = new Undo();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-registry-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const host = `127.0.0.1:${await freePort()}`;
  const latchkey = running ?? (await startLatchkey(host, undo));
  const bundle = join(folder, 'bundle.pem');
  await writeFile(bundle, await (await fetch(`${latchkey.url}/registry/certificate.pem`)).text());
  const config = join(folder, 'registry.yml');
  await writeFile(config, configuration(folder, host, latchkey.url, bundle));
  const registry = await start('docker-registry', ['serve', config], async () => {
    return (await fetch(`http://${host}/v2/`)).status === 401;
  });
  undo.defer(() => registry[Symbol.asyncDispose]());
  const image = await makeImage(join(folder, 'image'));
  return { latchkey, host, folder, image, [Symbol.asyncDispose]: () => undo.dispose() };
}

async function startLatchkey(host: string, undo: Undo): Promise<TestServer> {
  const latchkey = await startServer({
    LATCHKEY_REGISTRY_SERVICE: SERVICE,
    LATCHKEY_REGISTRY_URL: `http://${host}`,
  });
  undo.defer(() => latchkey[Symbol.asyncDispose]());
  useRealTime(latchkey);
  return latchkey;
}

/** What a registry takes for the time has to be Latchkey's too, or as much behind it as a test wants. */
export function useRealTime({ clock }: Pick<TestServer, 'clock'>, behindMs = 0): void {
  clock.advance(Date.now() - behindMs - clock.now());
}

/** skopeo with a registry that speaks plain HTTP. */
export function skopeo(...args: readonly string[]): Promise<Output> {
  return run('skopeo', ['--insecure-policy', ...args]);
}

function configuration(folder: string, host: string, latchkey: string, bundle: string): string {
  return `version: 0.1
log: { level: error }
storage:
  filesystem: { rootdirectory: ${join(folder, 'storage')} }
  delete: { enabled: true }
  maintenance: { uploadpurging: { enabled: false } }
http: { addr: ${host}, secret: throwaway }
auth:
  token:
    realm: ${latchkey}/registry/token
    service: ${SERVICE}
    issuer: latchkey
    rootcertbundle: ${bundle}
`;
}

/** An image of one small layer, as an OCI layout. */
export async function makeImage(folder: string): Promise<string> {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const put = async (mediaType: string, bytes: Buffer) => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value: object) => Buffer.from(JSON.stringify(value));
  const layer = await put('application/vnd.oci.image.layer.v1.tar', randomBytes(2048));
  const rootfs = { type: 'layers', diff_ids: [layer.digest] };
  const config = await put(
    'application/vnd.oci.image.config.v1+json',
    json({ architecture: 'amd64', os: 'linux', rootfs }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await put(
    mediaType,
    json({ schemaVersion: 2, mediaType, config, layers: [layer] }),
  );
  const annotations = { 'org.opencontainers.image.ref.name': 'tiny' };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return `oci:${folder}:tiny`;
}
