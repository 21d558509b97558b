import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import { REQUEST_CHANNELS, type RequestChannel } from '../../ipc/contract.js';
import type { Answers } from '../answers.js';
import { isAppUrl } from '../app-origin.js';
import { parseArguments } from '../ipc-arguments.js';

/** Opens every channel of the contract to the app's own page, and to nobody else. */
export function registerIpcHandlers(answers: Answers): void {
  for (const channel of REQUEST_CHANNELS) {
    ipcMain.handle(channel, (event, ...sent) => {
      verifySender(event);
      return call(answers, channel, sent);
    });
  }
}

function call<Channel extends RequestChannel>(
  answers: Answers,
  channel: Channel,
  sent: readonly unknown[],
): unknown {
  return answers[channel](...parseArguments(channel, sent));
}

/** The top frame of the app's own page: not a frame inside it, and not a page it was led to. */
function verifySender(event: IpcMainInvokeEvent): void {
  const frame = event.senderFrame;
  if (frame === null || frame !== event.sender.mainFrame || !isAppUrl(frame.url)) {
    throw new Error('This page may not ask that.');
  }
}
