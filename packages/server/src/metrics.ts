import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { UsageEvent } from './usage/usage-event.entity.js';

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
    const counts = new Map<string, number>();
    for (const { door, outcome } of events) {
      const key = `${door} ${outcome}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, count] of counts) {
      const [door = '', outcome = ''] = key.split(' ');
      this.#uses.inc({ door, outcome }, count);
    }
  }
}
