import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, loadConfig } from '@latchkey/server';
import { graphql } from './graphql.js';
import { SETUP_CODE } from './latchkey.js';

export const ACCOUNT = { username: 'ada', password: 'correct horse battery' } as const;

/** A real server in real time, with one account: an app in another process shares no test's clock. */
export class LiveServer {
  readonly url: string;
  /** Of a session of the API's, beside those of the app. */
  readonly secret: string;
  readonly #close: () => Promise<void>;

  private constructor(url: string, secret: string, close: () => Promise<void>) {
    this.url = url;
    this.secret = secret;
    this.#close = close;
  }

  static async start(env: Record<string, string> = {}): Promise<LiveServer> {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-live-'));
    const server = await createServer(
      loadConfig({
        PORT: '0',
        DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
        LATCHKEY_LOG_LEVEL: 'silent',
        LATCHKEY_SETUP_CODE: SETUP_CODE,
        ...env,
      }),
    );
    const { url } = server;
    const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { id } }';
    const input = { ...ACCOUNT, email: 'ada@example.com', setupCode: SETUP_CODE };
    await graphql(url, signUp, { variables: { input } });
    const { data } = await graphql<{ signIn: { sessionSecret: string } }>(
      url,
      'mutation ($input: SignInInput!) { signIn(input: $input) { sessionSecret } }',
      { variables: { input: ACCOUNT } },
    );
    return new LiveServer(url, data?.signIn.sessionSecret ?? '', async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** Asks as the API's session; throws where it is refused. */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await graphql<Data>(this.url, query, {
      variables,
      secret: this.secret,
    });
    if (errors.length > 0 || !data) throw new Error(`Refused: ${JSON.stringify(errors)}`);
    return data;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}
