import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Notice } from '../components/notice.js';
import styles from './banners.module.css';

interface State {
  readonly failed: boolean;
}

/** An answer that a screen cannot show costs that screen, not the window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className={styles.banners}>
        <Notice
          tone="bad"
          announced
          title="This page cannot be shown."
          actions={
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => this.setState({ failed: false })}
            >
              Try again
            </Button>
          }
        >
          The server gave an answer that the page cannot read. Nothing was changed. If it stays, the
          server may be of another version than this page.
        </Notice>
      </div>
    );
  }
}
