import { createBrowserTransport } from '../../transport/browser.js';
import { mount } from '../mount.js';

mount(createBrowserTransport());
