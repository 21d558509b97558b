import './load-styles.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../app.js';
import type { Transport } from '../transport/transport.js';

export function mount(transport: Transport): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no #root.');
  createRoot(root).render(
    <StrictMode>
      <App transport={transport} />
    </StrictMode>,
  );
}
