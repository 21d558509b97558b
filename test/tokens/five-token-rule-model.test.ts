import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer, type TestServer } from '../support/latchkey.js';
import { signInOn, signUp, verify } from '../support/people.js';
import { openStored, type Stored } from '../support/stored.js';

const IDLE = 30 * DAY;
const MAX = 90 * DAY;
const DEVICES = 8;

interface ModelSession {
  readonly device: number;
  readonly secret: string;
  readonly createdAt: number;
  seenAt: number;
  ended: boolean;
  /** The live token, by identifier, and the one secret of it that works. */
  token: { id: string; secret: string; born: number; active: boolean } | undefined;
}

/** What the five-token rule says, in a few lines and without a database. */
class Model {
  readonly sessions: ModelSession[] = [];
  readonly secrets: string[] = [];
  births = 0;

  isLive(session: ModelSession, now: number): boolean {
    return !session.ended && now < Math.min(session.seenAt + IDLE, session.createdAt + MAX);
  }

  withToken(now: number): ModelSession[] {
    return this.sessions.filter((each) => each.token !== undefined && this.isLive(each, now));
  }

  end(session: ModelSession): void {
    session.ended = true;
    session.token = undefined;
  }

  mint(session: ModelSession, id: string, secret: string, now: number): void {
    const others = this.withToken(now).filter((each) => each !== session);
    others.sort((one, other) => (one.token?.born ?? 0) - (other.token?.born ?? 0));
    for (const oldest of others.slice(0, Math.max(0, others.length - 4))) oldest.token = undefined;
    session.token = { id, secret, born: this.births++, active: true };
    this.secrets.push(secret);
  }
}

class Run {
  readonly model = new Model();
  constructor(
    readonly server: TestServer,
    readonly stored: Stored,
    readonly username: string,
    readonly accountId: string,
  ) {}

  get now(): number {
    return this.server.clock.now();
  }

  /** One of the model's live sessions; undefined where there is none. */
  pick(which: number): ModelSession | undefined {
    const live = this.model.sessions.filter((each) => this.model.isLive(each, this.now));
    return live[which % Math.max(1, live.length)];
  }

  async ask(session: ModelSession, query: string): Promise<string> {
    session.seenAt = this.now;
    return this.server.refusal(query, { secret: session.secret });
  }

  async check(): Promise<void> {
    const rows = await this.stored.all<{ id: string }>(
      `SELECT token.id FROM access_tokens token JOIN sessions session ON session.id = token.sessionId
       WHERE token.accountId = ? AND token.removedAt IS NULL AND session.liveUntil > ?`,
      this.accountId,
      this.now,
    );
    const expected = this.model.withToken(this.now).map(({ token }) => token?.id);
    expect(rows.length).toBeLessThanOrEqual(5);
    expect(rows.map(({ id }) => id).sort()).toEqual(expected.sort());
  }
}

type Step = (run: Run, which: number) => Promise<void>;

const STEPS: Record<string, Step> = {
  async signIn(run, which) {
    const device = which % DEVICES;
    const signedIn = await signInOn(run.server, run.username, `device ${device}`);
    for (const own of run.model.sessions.filter((each) => each.device === device))
      run.model.end(own);
    const session: ModelSession = {
      device,
      secret: signedIn.sessionSecret,
      createdAt: run.now,
      seenAt: run.now,
      ended: false,
      token: undefined,
    };
    run.model.sessions.push(session);
    run.model.mint(session, signedIn.accessTokenId, signedIn.accessTokenSecret, run.now);
  },
  async use(run, which) {
    const session = run.pick(which);
    if (session?.token === undefined) return;
    expect(await verify(run.server, session.token.secret)).toBe(session.token.active ? 200 : 401);
    if (session.token.active) session.seenAt = run.now;
  },
  async signOut(run, which) {
    const session = run.pick(which);
    if (session === undefined) return;
    await run.ask(session, 'mutation { signOut }');
    run.model.end(session);
  },
  async deleteToken(run, which) {
    const session = run.pick(which);
    if (session?.token === undefined) return;
    await run.ask(session, `mutation { deleteAccessTokens(ids: ["${session.token.id}"]) }`);
    session.token = undefined;
  },
  async switchToken(run, which) {
    const session = run.pick(which);
    if (session?.token === undefined) return;
    session.token.active = which % 2 === 0;
    const input = `{ id: "${session.token.id}", active: ${session.token.active} }`;
    await run.ask(session, `mutation { updateAccessToken(input: ${input}) { id } }`);
  },
  async ensure(run, which) {
    const session = run.pick(which);
    if (session === undefined) return;
    const query = 'mutation { ensureSessionToken { secret accessToken { id } } }';
    session.seenAt = run.now;
    if (session.token?.active === false) {
      expect(await run.ask(session, query)).toBe('TOKEN_INACTIVE');
      return;
    }
    const { ensureSessionToken: token } = await run.server.ask(query, { secret: session.secret });
    if (session.token === undefined) {
      run.model.mint(session, token.accessToken.id, token.secret, run.now);
      return;
    }
    expect(token.accessToken.id).toBe(session.token.id);
    session.token.secret = token.secret;
    run.model.secrets.push(token.secret);
  },
  async wait(run, which) {
    // What was seen is written before time passes, as it is within a second of real time.
    await run.server.server.housekeep();
    run.server.clock.advance(([1, 5 * 24, 12 * 24, 31 * 24][which % 4] ?? 1) * (DAY / 24));
  },
};

const step = fc.record({
  what: fc.constantFrom('signIn', 'signIn', 'signIn', ...Object.keys(STEPS)),
  which: fc.nat(40),
});

test('whatever happens in whatever order, at most five session tokens live, and the right ones', async () => {
  await using server = await startServer();
  await using stored = await openStored(server.database);
  let accounts = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const username = `user${accounts++}`;
      const run = new Run(server, stored, username, await signUp(server, username));
      for (const { what, which } of steps) {
        await STEPS[what]?.(run, which);
        await run.check();
      }
      const good = run.model
        .withToken(run.now)
        .flatMap(({ token }) => (token?.active ? [token.secret] : []));
      for (const secret of run.model.secrets) {
        expect(await verify(server, secret)).toBe(good.includes(secret) ? 200 : 401);
      }
    }),
    { numRuns: 15 },
  );
});
