import tls from 'node:tls';

interface CertificateStore {
  getCACertificates(type: 'default' | 'system'): string[];
  setDefaultCACertificates(certificates: readonly string[]): void;
}

/**
 * Trusts what the system trusts: many self-hosted servers have a certificate of their company's own authority. Node
 * has this since 22.19; without it the built-in list alone counts.
 */
export function trustSystemCertificates(): void {
  const store = tls as unknown as Partial<CertificateStore>;
  if (store.getCACertificates === undefined || store.setDefaultCACertificates === undefined) return;
  store.setDefaultCACertificates([
    ...store.getCACertificates('default'),
    ...store.getCACertificates('system'),
  ]);
}
