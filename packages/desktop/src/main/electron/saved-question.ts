import { type BrowserWindow, dialog } from 'electron';

const BUTTONS = ['It is saved', 'Back to the secret'];

/** Asks what the page itself asks on a way out within the window; only main hears that the window is to close. */
export function askWhetherSaved(window: BrowserWindow): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'Is the secret saved?',
    detail: 'Once the window is closed nobody can show it again.',
    buttons: BUTTONS,
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return answer === 0;
}
