import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { exportPKCS8 } from 'jose';
import { DAY_MS } from '../clock.js';
import type { SigningKey } from './signing-key.entity.js';

/** RS256 is what both generations of registries verify. */
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
/** Registries that know a key by its identifier do not look at the expiry; it is watched all the same. */
const CERTIFICATE_LIFE_MS = 3650 * DAY_MS;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new RSA key with a certificate that it signed itself, valid from `nowMs`. */
export async function makeSigningKey(nowMs: number, activeFrom: number): Promise<SigningKey> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const certificateExpiresAt = nowMs + CERTIFICATE_LIFE_MS;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Latchkey registry tokens',
      notBefore: new Date(nowMs),
      notAfter: new Date(certificateExpiresAt),
      signingAlgorithm: RSA,
      keys,
    },
    webcrypto,
  );
  return {
    kid: libtrustFingerprint(await webcrypto.subtle.exportKey('spki', keys.publicKey)),
    privateKey: await exportPKCS8(keys.privateKey),
    certificate: certificate.toString('pem'),
    createdAt: nowMs,
    activeFrom,
    certificateExpiresAt,
  };
}

/**
 * How registries of the 2.x line name a key: the first 240 bits of the SHA-256 of its SubjectPublicKeyInfo, in base32, in
 * twelve groups of four.
 */
function libtrustFingerprint(spki: ArrayBuffer): string {
  const bytes = createHash('sha256').update(Buffer.from(spki)).digest().subarray(0, 30);
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const letters = (bits.match(/.{5}/g) ?? []).map((five) =>
    BASE32.charAt(Number.parseInt(five, 2)),
  );
  return (letters.join('').match(/.{4}/g) ?? []).join(':');
}
