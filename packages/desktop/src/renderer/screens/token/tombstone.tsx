import { REMOVAL_WORD } from '../../components/labels.js';
import { Notice } from '../../components/notice.js';
import { TimeAgo } from '../../components/time-ago.js';
import type { TokenFieldsFragment } from '../../graphql/generated/operations.js';

/** What remains of a removed token: when it went, who or what removed it, and why. */
export function Tombstone({ token }: { token: TokenFieldsFragment }) {
  if (token.status !== 'REMOVED') return null;
  return (
    <Notice
      tone="bad"
      title={
        <>
          This token was removed{token.removedAt && ' '}
          {token.removedAt && <TimeAgo at={token.removedAt} />}. Its secret never works again.
        </>
      }
    >
      {token.removalNote ?? (token.removalReason && REMOVAL_WORD[token.removalReason])}
    </Notice>
  );
}
