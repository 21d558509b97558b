import { join } from 'node:path';
import { app, Menu, nativeImage, nativeTheme, Tray } from 'electron';
import type { StateHolder } from '../state-holder.js';
import { type TrayAction, type TrayView, trayView } from '../tray-menu.js';

/** Keeps the tray in step with the state. The tray lives as long as the app. */
export function openTray(state: StateHolder, act: (action: TrayAction) => void): void {
  const tray = new Tray(trayImage(trayView(state.current)));
  let shown = '';
  const draw = (): void => {
    const view = trayView(state.current);
    const key = JSON.stringify([view, nativeTheme.shouldUseDarkColors]);
    // Setting a menu closes the one that is open, so only a real change does it.
    if (key === shown) return;
    shown = key;
    tray.setImage(trayImage(view));
    tray.setToolTip(view.tooltip);
    tray.setContextMenu(Menu.buildFromTemplate(view.lines.map((line) => menuItem(line, act))));
  };
  draw();
  state.onChange(draw);
  nativeTheme.on('updated', draw);
  tray.on('click', () => act('OPEN'));
}

function menuItem(
  line: TrayView['lines'][number],
  act: (action: TrayAction) => void,
): Electron.MenuItemConstructorOptions {
  if (line === 'SEPARATOR') return { type: 'separator' };
  const { label, action } = line;
  return action === undefined ? { label, enabled: false } : { label, click: () => act(action) };
}

/** macOS colours a template by itself; elsewhere the icon is light on a dark panel and the other way round. */
function trayImage(view: TrayView): Electron.NativeImage {
  const tone =
    process.platform === 'darwin'
      ? 'Template'
      : nativeTheme.shouldUseDarkColors
        ? '-light'
        : '-dark';
  const name = `tray${view.needsAttention ? '-attention' : ''}${tone}.png`;
  return nativeImage.createFromPath(join(app.getAppPath(), 'assets', name));
}
