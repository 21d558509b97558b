import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { REMOVAL_TEXTS } from '../../components/labels.js';
import { Notice } from '../../components/notice.js';
import { TimeAgo } from '../../components/time-ago.js';
import { useTask } from '../../components/use-task.js';
import type { TokenFieldsFragment } from '../../graphql/generated/operations.js';
import { useSetActive } from '../tokens/use-set-active.js';

/** Why a token is refused, since when, and what can be done; nothing for one that works. */
export function RefusalNotice({ token }: { token: TokenFieldsFragment }) {
  if (token.status === 'REMOVED') return <RemovedNotice token={token} />;
  if (token.status === 'EXPIRED') return <ExpiredNotice token={token} />;
  if (token.status === 'INACTIVE') return <InactiveNotice token={token} />;
  return null;
}

function RemovedNotice({ token }: { token: TokenFieldsFragment }) {
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
      {token.removalNote ?? (token.removalReason && REMOVAL_TEXTS[token.removalReason])}
    </Notice>
  );
}

function ExpiredNotice({ token }: { token: TokenFieldsFragment }) {
  return (
    <Notice
      tone="warn"
      title={
        <>
          This token expired{token.expiresAt && ' '}
          {token.expiresAt && <TimeAgo at={token.expiresAt} />} and is refused.
        </>
      }
      actions={
        token.kind !== 'SESSION' && (
          <Button component={Link} href="/tokens/new" size="compact-sm" variant="default">
            Create token
          </Button>
        )
      }
    >
      {token.kind === 'SESSION'
        ? 'Sign in again on its device to get a new one.'
        : 'The expiry of a token cannot be changed. Create a new token and use its secret instead.'}
    </Notice>
  );
}

function InactiveNotice({ token }: { token: TokenFieldsFragment }) {
  const setActive = useSetActive();
  const { pending, run } = useTask();
  return (
    <Notice
      tone="warn"
      title="This token is inactive and is refused."
      actions={
        <Button
          size="compact-sm"
          variant="default"
          loading={pending}
          onClick={() => void run(() => setActive([token], true))}
        >
          Activate
        </Button>
      }
    >
      It was deactivated. It works again as soon as you activate it.
    </Notice>
  );
}
