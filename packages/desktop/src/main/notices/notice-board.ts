import { randomUUID } from 'node:crypto';
import type { Notice } from '../../ipc/contract.js';
import type { Clock } from '../clock.js';

/** The system's notices, as far as they are needed; `show` says whether the system shows them at all. */
export interface SystemNotices {
  show(notice: { readonly title: string; readonly body: string }, onClick: () => void): boolean;
}

type NoticeText = Pick<Notice, 'kind' | 'title' | 'body' | 'route'>;

/** Tells of what happened: by the system, and to the window, which shows what the system cannot. */
export class NoticeBoard {
  readonly #system: SystemNotices;
  readonly #clock: Clock;
  readonly #onNotice: (notice: Notice) => void;
  readonly #onClick: (route: string | null) => void;

  constructor(
    system: SystemNotices,
    clock: Clock,
    onNotice: (notice: Notice) => void,
    onClick: (route: string | null) => void,
  ) {
    this.#system = system;
    this.#clock = clock;
    this.#onNotice = onNotice;
    this.#onClick = onClick;
  }

  raise(text: NoticeText): void {
    const shownBySystem = this.#system.show(
      { title: toLine(text.title), body: toLine(text.body) },
      () => this.#onClick(text.route),
    );
    const at = new Date(this.#clock.now()).toISOString();
    this.#onNotice({ id: randomUUID(), ...text, at, shownBySystem });
  }
}

/** Names come from elsewhere: no control character or direction override reaches the system, nor an endless text. */
function toLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 300);
}
