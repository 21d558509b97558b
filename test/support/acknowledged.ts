import { type Asking, graphql } from './graphql.js';
import {
  createToken,
  SIGN_IN,
  SIGN_UP,
  signIn,
  signInRequest,
  signUpRequest,
  verify,
} from './people.js';

const DELETE = 'mutation ($id: ID!) { deleteAccessTokens(ids: [$id]) }';
const SWITCH = `mutation ($id: ID!, $active: Boolean!) {
  updateAccessToken(input: { id: $id, active: $active }) { id } }`;
const END = 'mutation ($id: ID!) { endSession(id: $id) { id } }';
const CHANGE_PASSWORD = `mutation ($old: String!, $new: String!) {
  changePassword(currentPassword: $old, newPassword: $new) }`;
const USES = 'query ($id: ID!) { accessToken(id: $id) { useCount } }';
const VIEWER = '{ viewer { account { username } } }';

/** Of the steps, those that hash passwords. */
const SLOW_SHARE = 1 / 16;

/** Something that a server keeps, and what it may be by all that was answered. */
class Kept<State extends string> {
  #busy = false;

  constructor(private may: readonly State[]) {}

  is(state: State): boolean {
    return this.may.includes(state);
  }

  get states(): readonly State[] {
    return this.may;
  }

  /** Asks for a change, unless one is under way. What was not acknowledged may have happened or not. */
  async become(state: State, ask: () => Promise<unknown>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      this.may = [...new Set([...this.may, state])];
      await ask();
      this.may = [state];
    } finally {
      this.#busy = false;
    }
  }
}

interface Token {
  readonly id: string;
  readonly secret: string;
  readonly state: Kept<'active' | 'inactive' | 'removed'>;
  /** Verifications that were asked for, and those that were answered. */
  asked: number;
  uses: number;
}

interface Session {
  readonly id: string;
  readonly secret: string;
  readonly state: Kept<'live' | 'ended'>;
}

interface Person {
  readonly name: string;
  readonly sessionSecret: string;
  readonly password: Kept<string>;
}

/** What a server acknowledged, for comparing it with what another process finds in the same database. */
export class Acknowledged {
  readonly #tokens: Token[] = [];
  readonly #sessions: Session[] = [];
  readonly #people: Person[] = [];
  #numbered = 0;
  /** Answers that must not be. */
  readonly wrong: string[] = [];
  /** How many steps were acknowledged, and how many were not. */
  readonly count = { done: 0, failed: 0 };

  /** @param name and secret of the account whose tokens and sessions these are. */
  constructor(
    private readonly name: string,
    private readonly sessionSecret: string,
  ) {}

  /** Asks for something that `random` draws. */
  async step(server: Asking, random: () => number = Math.random): Promise<void> {
    const draw = <Each>(list: readonly Each[]) => list[Math.floor(random() * list.length)];
    const token = draw(this.#tokens);
    const session = draw(this.#sessions);
    const person = draw(this.#people);
    // A password's hash takes as long as ten of the others.
    const slow = [
      () => this.signIn(server),
      () => this.signUp(server),
      ...(person ? [() => this.changePassword(server, person)] : []),
    ];
    const quick = [
      () => this.create(server),
      ...(token
        ? [
            () => this.use(server, token),
            () => this.use(server, token),
            () => this.remove(server, token),
            () => this.switch(server, token),
          ]
        : []),
      ...(session ? [() => this.end(server, session)] : []),
    ];
    try {
      await draw(random() < SLOW_SHARE ? slow : quick)?.();
      this.count.done++;
    } catch {
      this.count.failed++;
    }
  }

  async create(server: Asking): Promise<Token> {
    const { id, secret } = await createToken(server, this.sessionSecret);
    const token: Token = { id, secret, state: new Kept(['active']), asked: 0, uses: 0 };
    this.#tokens.push(token);
    return token;
  }

  async use(server: Asking, token: Token): Promise<void> {
    const before = token.state.states;
    token.asked++;
    const status = await verify(server, token.secret);
    const may = [...before, ...token.state.states];
    if (status === 200) token.uses++;
    if (status === 503) throw new Error('It was not decided.');
    this.#expect(status, may.map(statusOf), `a token that may be ${may}`);
  }

  async remove(server: Asking, { id, state }: Token): Promise<void> {
    await state.become('removed', () => this.#ask(server, DELETE, { id }));
  }

  async switch(server: Asking, { id, state }: Token): Promise<void> {
    if (state.is('removed')) return;
    const active = !state.is('active');
    await state.become(active ? 'active' : 'inactive', () =>
      this.#ask(server, SWITCH, { id, active }),
    );
  }

  async signIn(server: Asking): Promise<void> {
    const { sessionId, sessionSecret } = await signIn(server, this.name);
    this.#sessions.push({ id: sessionId, secret: sessionSecret, state: new Kept(['live']) });
  }

  async end(server: Asking, { id, state }: Session): Promise<void> {
    await state.become('ended', () => this.#ask(server, END, { id }));
  }

  async signUp(server: Asking): Promise<void> {
    const name = `somebody-${this.#numbered++}`;
    const password = `the first password of ${name}`;
    await server.ask(SIGN_UP, signUpRequest(name, password));
    const { signIn } = await server.ask(SIGN_IN, signInRequest(name, { password }));
    const { sessionSecret } = signIn;
    this.#people.push({ name, sessionSecret, password: new Kept([password]) });
  }

  async changePassword(server: Asking, { name, sessionSecret, password }: Person): Promise<void> {
    const [old, other] = password.states;
    if (other !== undefined) return;
    const next = `password ${this.#numbered++} of ${name}`;
    await password.become(next, () =>
      server.ask(CHANGE_PASSWORD, { variables: { old, new: next }, secret: sessionSecret }),
    );
  }

  /** Compares all of it with what `server` answers; what differs is in `wrong`. */
  async check(server: Asking): Promise<void> {
    for (const { id, secret, state, asked, uses } of this.#tokens) {
      const { accessToken } = await this.#ask(server, USES, { id });
      const { useCount } = accessToken;
      if (useCount < uses) this.wrong.push(`${uses - useCount} uses lost`);
      if (useCount > asked) this.wrong.push(`${useCount - asked} uses counted twice`);
      const status = await verify(server, secret);
      this.#expect(status, state.states.map(statusOf), `a token that may be ${state.states}`);
    }
    for (const { secret, state } of this.#sessions) {
      const { errors } = await graphql(server.url, VIEWER, { secret });
      const found = errors.length > 0 ? 'ended' : 'live';
      this.#expect(found, state.states, 'a session');
    }
    for (const { name, password } of this.#people) {
      const tried = password.states.map((each) =>
        graphql(server.url, SIGN_IN, signInRequest(name, { password: each })),
      );
      const taken = (await Promise.all(tried)).filter(({ errors }) => errors.length === 0);
      this.#expect(taken.length, [1], 'passwords that are taken');
    }
  }

  #ask(server: Asking, query: string, variables: object) {
    return server.ask(query, { variables, secret: this.sessionSecret });
  }

  #expect<Value>(found: Value, allowed: readonly Value[], what: string): void {
    if (!allowed.includes(found)) this.wrong.push(`${what}: ${found}`);
  }
}

function statusOf(state: 'active' | 'inactive' | 'removed'): number {
  return state === 'active' ? 200 : 401;
}
