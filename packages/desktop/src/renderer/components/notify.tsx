import { notifications } from '@mantine/notifications';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { Problem } from '../transport/transport.js';

/** Something was done; it says itself and goes. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    color: 'green',
    icon: <IconCheck size={16} aria-hidden />,
    autoClose: 5000,
  });
}

/** Something was not done; it stays until it was read. */
export function notifyProblem(title: string, problem: Problem): void {
  notifications.show({
    title,
    message: problem.message,
    color: 'red',
    icon: <IconX size={16} aria-hidden />,
    autoClose: false,
  });
}
