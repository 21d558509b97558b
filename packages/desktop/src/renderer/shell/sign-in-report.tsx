import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import type { RemovedAccessToken } from '../transport/transport.js';

interface SignInReport {
  readonly removedAccessTokens: readonly RemovedAccessToken[];
  readonly tell: (removed: readonly RemovedAccessToken[]) => void;
  readonly dismiss: () => void;
}

const SignInReportContext = createContext<SignInReport | undefined>(undefined);

/** Keeps what a sign-in removed from the form that did it to the pages that come after. */
export function SignInReportProvider({ children }: { children: ReactNode }) {
  const [removedAccessTokens, tell] = useState<readonly RemovedAccessToken[]>([]);
  const report = useMemo(
    () => ({ removedAccessTokens, tell, dismiss: () => tell([]) }),
    [removedAccessTokens],
  );
  return <SignInReportContext value={report}>{children}</SignInReportContext>;
}

export function useSignInReport(): SignInReport {
  const report = use(SignInReportContext);
  if (!report) throw new Error('useSignInReport needs a SignInReportProvider above it.');
  return report;
}
