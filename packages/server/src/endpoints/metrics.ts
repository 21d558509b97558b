import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import {
  countOf,
  type Endpoint,
  type UsageEvent,
  UseOutcome,
} from '../database/entities/usage-event.js';
import type { Handler } from '../http/exchange.js';
import type { SigningKeyService } from '../registry/signing-key.service.js';
import type { UsageRetention } from '../usage/usage-retention.js';

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

  /** @param maxBytes undefined where it may grow without bound. */
  watchUsageLog(usage: UsageRetention, maxBytes: number | undefined): void {
    new Gauge({
      name: 'latchkey_usage_log_bytes',
      help: 'How large the usage log is, about',
      registers: [this.registry],
      async collect() {
        // While the database is away the other metrics matter most, and this was true a moment ago.
        const bytes = await usage.size().catch(() => undefined);
        if (bytes !== undefined) this.set(bytes);
      },
    });
    if (maxBytes === undefined) return;
    new Gauge({
      name: 'latchkey_usage_log_max_bytes',
      help: 'How large it may be: LATCHKEY_USAGE_MAX_MB',
      registers: [this.registry],
    }).set(maxBytes);
  }

  countUses(events: readonly UsageEvent[]): void {
    const counts = { ALLOWED: new Map<Endpoint, number>(), REFUSED: new Map<Endpoint, number>() };
    for (const event of events) {
      const ofOutcome = counts[event.outcome];
      ofOutcome.set(event.endpoint, (ofOutcome.get(event.endpoint) ?? 0) + countOf(event));
    }
    for (const outcome of Object.values(UseOutcome)) {
      for (const [endpoint, count] of counts[outcome]) this.#uses.inc({ endpoint, outcome }, count);
    }
  }
}

/** The metrics in Prometheus' text format. */
export function metricsPage({ registry }: Metrics): Handler {
  return async ({ response }) => {
    response.setHeader('Content-Type', registry.contentType);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.end(await registry.metrics());
  };
}

/** Tells when the certificates that registries trust expire. */
export function watchCertificates(metrics: Metrics, keys: SigningKeyService): void {
  new Gauge({
    name: 'latchkey_registry_certificate_expiry_seconds',
    help: 'When the certificates that registries trust expire, in seconds since 1970, by key',
    labelNames: ['kid'],
    registers: [metrics.registry],
    async collect() {
      // While the database is away the other metrics matter most, and these were true a moment ago.
      const published = await keys.published().catch(() => undefined);
      if (published === undefined) return;
      this.reset();
      for (const { kid, certificateExpiresAt } of published) {
        this.set({ kid }, certificateExpiresAt / 1000);
      }
    },
  });
}
