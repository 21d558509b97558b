import { CLIENT_KIND_LABELS } from '../../components/labels.js';
import { platformName, programOf } from '../../components/user-agent.js';
import type { SessionFieldsFragment } from '../../graphql/generated/operations.js';

/** The device's name where it has one, else the program it signed in with. */
export function SessionName({ session }: { session: SessionFieldsFragment }) {
  return <>{sessionName(session)}</>;
}

export function sessionName(session: SessionFieldsFragment): string {
  return session.device?.name ?? programOf(session.userAgent) ?? CLIENT_KIND_LABELS[session.client];
}

/** "Desktop app 0.1.0 on Linux", "Browser". */
export function sessionKind({ client, device }: SessionFieldsFragment): string {
  const version = device?.appVersion ? ` ${device.appVersion}` : '';
  const platform = device?.platform ? ` on ${platformName(device.platform)}` : '';
  return `${CLIENT_KIND_LABELS[client]}${version}${platform}`;
}
