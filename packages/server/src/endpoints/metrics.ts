import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type Endpoint, type UsageEvent, UseOutcome } from '../database/entities/usage-event.js';

/** What Prometheus scrapes: this process, and what it decided. */
export class Metrics {
  readonly registry = new Registry();
  readonly #uses = new Counter({
    name: 'latchkey_uses_total',
    help: 'Verifications of known tokens whose record is on disk, by endpoint and outcome',
    labelNames: ['endpoint', 'outcome'],
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
    const counts = { ALLOWED: new Map<Endpoint, number>(), REFUSED: new Map<Endpoint, number>() };
    for (const { endpoint, outcome } of events) {
      counts[outcome].set(endpoint, (counts[outcome].get(endpoint) ?? 0) + 1);
    }
    for (const outcome of Object.values(UseOutcome)) {
      for (const [endpoint, count] of counts[outcome]) this.#uses.inc({ endpoint, outcome }, count);
    }
  }
}
