import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Notice } from '../components/notice.js';
import styles from './banners.module.css';
import { PageNotLoadedError } from './lazy-page.js';

interface State {
  readonly failure: 'NOT_LOADED' | 'NOT_SHOWN' | null;
}

/** A page that cannot be loaded, or an answer that it cannot show, costs that page and not the window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failure: null };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof PageNotLoadedError ? 'NOT_LOADED' : 'NOT_SHOWN' };
  }

  override render() {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return (
      <div className={styles.banners}>
        {failure === 'NOT_LOADED' ? (
          <NotLoaded />
        ) : (
          <NotShown onRetry={() => this.setState({ failure: null })} />
        )}
      </div>
    );
  }
}

/** Loads the whole window: after an upgrade of the server the file has a name that only a new start knows. */
function NotLoaded() {
  return (
    <Notice
      tone="bad"
      announced
      title="This page could not be loaded."
      actions={
        <Button size="compact-sm" variant="default" onClick={() => window.location.reload()}>
          Load it again
        </Button>
      }
    >
      The network may be down, or the server was upgraded since this window was opened. Nothing was
      changed.
    </Notice>
  );
}

function NotShown({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice
      tone="bad"
      announced
      title="This page cannot be shown."
      actions={
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      The server gave an answer that the page cannot read. Nothing was changed. If it stays, the
      server may be of another version than this page.
    </Notice>
  );
}
