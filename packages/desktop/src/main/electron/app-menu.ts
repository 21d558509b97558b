import { Menu } from 'electron';

/** The menu: on macOS the system's own, elsewhere what a keyboard needs (zoom, closing, quitting). */
export function setAppMenu(): void {
  const isMac = process.platform === 'darwin';
  const zoom: Electron.MenuItemConstructorOptions = {
    label: 'View',
    submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }],
  };
  const file: Electron.MenuItemConstructorOptions = {
    label: 'File',
    submenu: [{ role: 'close' }, { role: 'quit' }],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      isMac
        ? [{ role: 'appMenu' }, { role: 'editMenu' }, zoom, { role: 'windowMenu' }]
        : [file, { role: 'editMenu' }, zoom],
    ),
  );
}
