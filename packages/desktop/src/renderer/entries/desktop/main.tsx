import type { Bridge } from '../../../ipc/contract.js';
import { createDesktopTransport } from '../../transport/desktop.js';
import { mount } from '../mount.js';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly bridge: Bridge;
  }
}

mount(await createDesktopTransport(window.bridge));
