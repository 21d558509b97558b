import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type Door, type UsageEvent, UseOutcome } from './usage/usage-event.js';

/** What Prometheus scrapes: this process, and what it decided. */
export class Metrics {
  readonly registry = new Registry();
  readonly #uses = new Counter({
    name: 'latchkey_uses_total',
    help: 'Verifications of known tokens whose record is on disk, by door and outcome',
    labelNames: ['door', 'outcome'],
    registers: [this.registry],
  });

  constructor(openSockets: () => number) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'latchkey_open_sockets',
      help: 'GraphQL sockets that are open',
      registers: [this.registry],
      collect() {
        this.set(openSockets());
      },
    });
  }

  countUses(events: readonly UsageEvent[]): void {
    const counts = { ALLOWED: new Map<Door, number>(), REFUSED: new Map<Door, number>() };
    for (const { door, outcome } of events) {
      counts[outcome].set(door, (counts[outcome].get(door) ?? 0) + 1);
    }
    for (const outcome of Object.values(UseOutcome)) {
      for (const [door, count] of counts[outcome]) this.#uses.inc({ door, outcome }, count);
    }
  }
}
