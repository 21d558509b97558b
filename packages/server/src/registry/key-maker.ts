import 'reflect-metadata';
import { createHash, KeyObject, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { DAY_MS } from '../core/clock.js';
import type { SigningKey } from '../database/entities/signing-key.entity.js';

/** ES256: registries of both lines verify it, and it signs in a tenth of the time that RSA takes. */
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** Registries that know a key by its identifier do not look at the expiry; it is watched all the same. */
const CERTIFICATE_LIFE_MS = 3650 * DAY_MS;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new key with a certificate that it signed itself, valid from `nowMs`. */
export async function makeSigningKey(nowMs: number, activeFrom: number): Promise<SigningKey> {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const certificateExpiresAt = nowMs + CERTIFICATE_LIFE_MS;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Latchkey registry tokens',
      notBefore: new Date(nowMs),
      notAfter: new Date(certificateExpiresAt),
      signingAlgorithm: ECDSA,
      keys,
    },
    webcrypto,
  );
  return {
    kid: libtrustFingerprint(await webcrypto.subtle.exportKey('spki', keys.publicKey)),
    privateKey: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
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
