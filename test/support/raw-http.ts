import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  /** As they go over the wire: repeated names stay repeated. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
}

/** One HTTP request just as it is described, without what `fetch` adds or refuses. */
export async function rawHttp(
  url: string,
  path: string,
  { method = 'GET', headers = [], body = '' }: RawRequest = {},
): Promise<RawAnswer> {
  const { host } = new URL(url);
  const sent = request(url, {
    method,
    path,
    // Node takes the flat list as raw headers and adds none of its own.
    headers: [
      'Host',
      host,
      ...(body.length > 0 ? ['Content-Length', String(Buffer.byteLength(body))] : []),
      ...headers.flat(),
    ],
  });
  // What is refused early may be cut off while it is still being sent.
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  };
}
