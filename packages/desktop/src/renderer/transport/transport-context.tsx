import { createContext, type ReactNode, use, useSyncExternalStore } from 'react';
import type { SignedInSession, Transport, TransportState } from './transport.js';

const TransportContext = createContext<Transport | undefined>(undefined);

export function TransportProvider(props: { transport: Transport; children: ReactNode }) {
  return <TransportContext value={props.transport}>{props.children}</TransportContext>;
}

export function useTransport(): Transport {
  const transport = use(TransportContext);
  if (!transport) throw new Error('useTransport needs a TransportProvider above it.');
  return transport;
}

export function useTransportState(): TransportState {
  const transport = useTransport();
  return useSyncExternalStore(transport.onStateChanged, transport.getState);
}

/** Who is signed in; for screens that are shown to nobody else. */
export function useSignedIn(): SignedInSession {
  const { session } = useTransportState();
  if (session.status !== 'SIGNED_IN') throw new Error('Nobody is signed in.');
  return session;
}
