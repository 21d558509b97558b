import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';
import { openSocket } from '../support/socket.js';

const schema = buildSchema(
  readFileSync(new URL('../../packages/shared/schema.graphql', import.meta.url), 'utf8'),
);

/** All that anybody may ask; everything else refuses who offers nothing. */
const FOR_ANYBODY = ['serverInfo', 'signIn', 'signUp'];
/** All that a token may ask beyond that; everything else needs a session. */
const FOR_TOKENS = ['accessToken', 'usageEventRecorded', 'usageEvents', 'viewer'];

const SAMPLES: Readonly<Record<string, string>> = {
  ID: '"00000000-0000-7000-8000-000000000000"',
  String: '"a sample text"',
  Int: '1',
  Boolean: 'true',
  DateTime: '"2030-01-01T00:00:00.000Z"',
};

function sampleOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return `[${sampleOf(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${fields.map((field) => `${field.name}: ${sampleOf(field.type)}`).join(', ')} }`;
  }
  const sample = SAMPLES[type.name];
  if (sample === undefined) throw new Error(`There is no sample for ${type.name}.`);
  return sample;
}

function operationOf(kind: string, field: GraphQLField<unknown, unknown>): string {
  const required = field.args.filter(isRequiredArgument);
  const list = required.map((each) => `${each.name}: ${sampleOf(each.type)}`).join(', ');
  const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  return `${kind} { ${field.name}${list && `(${list})`}${selection} }`;
}

const operations = [
  ['query', schema.getQueryType()],
  ['mutation', schema.getMutationType()],
  ['subscription', schema.getSubscriptionType()],
].flatMap(([kind, type]) =>
  Object.values(typeof type === 'object' && type ? type.getFields() : {}).map((field) => ({
    name: field.name,
    kind: kind as string,
    operation: operationOf(kind as string, field),
  })),
);
const overHttp = operations.filter(({ kind }) => kind !== 'subscription');
const overSocket = operations.filter(({ kind }) => kind === 'subscription');

test('a caller that offers nothing, or something wrong, is refused by every field that is not for anybody', async () => {
  await using server = await startServer();
  expect(overHttp.length).toBeGreaterThan(10);
  for (const { name, operation } of overHttp) {
    if (FOR_ANYBODY.includes(name)) continue;
    expect([name, await server.refusal(operation)]).toEqual([name, 'UNAUTHENTICATED']);
    const wrong = await server.refusal(operation, { secret: 'wrong' });
    expect([name, wrong]).toEqual([name, 'UNAUTHENTICATED']);
  }
});

test('a token is told SESSION_REQUIRED by every field that is not for tokens', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret, {
    scopes: ['READ', 'WRITE', 'DELETE'],
  });
  for (const { name, operation } of overHttp) {
    if (FOR_ANYBODY.includes(name) || FOR_TOKENS.includes(name)) continue;
    expect([name, await server.refusal(operation, { secret })]).toEqual([name, 'SESSION_REQUIRED']);
  }
  await using socket = await openSocket(server.url, secret);
  for (const { name, operation } of overSocket) {
    if (FOR_TOKENS.includes(name)) continue;
    const feed = await socket.subscribe(operation);
    await expect(feed.next(), name).rejects.toThrow('SESSION_REQUIRED');
  }
});

test('who offers nothing, or something wrong, opens no socket', async () => {
  await using server = await startServer();
  await expect(openSocket(server.url)).rejects.toThrow('4403');
  await expect(openSocket(server.url, 'wrong')).rejects.toThrow('4403');
});

test('a token asks who it is, what it may do, and for itself alone', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret, { scopes: ['READ', 'DELETE'] });
  const other = await createToken(server, sessionSecret);
  const query =
    '{ viewer { account { username } session { id } accessToken { id } effectivePermissions } }';

  expect((await server.ask(query, { secret })).viewer).toEqual({
    account: { username: 'alice' },
    session: null,
    accessToken: { id },
    effectivePermissions: ['READ', 'DELETE'],
  });
  const itself = await server.ask(`{ accessToken(id: "${id}") { id } }`, { secret });
  expect(itself.accessToken.id).toBe(id);
  expect(await server.refusal(`{ accessToken(id: "${other.id}") { id } }`, { secret })).toBe(
    'SESSION_REQUIRED',
  );
});

test('of two Authorization headers neither counts', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const body = JSON.stringify({ query: '{ viewer { account { username } } }' });
  const header = ['Authorization', `Bearer ${sessionSecret}`] as const;
  const ask = (...headers: (readonly [string, string])[]) =>
    rawHttp(server.url, '/graphql', {
      method: 'POST',
      headers: [['Content-Type', 'application/json'], ...headers],
      body,
    });
  expect((await ask(header)).body).toContain('alice');
  expect((await ask(header, ['Authorization', 'Bearer x'])).body).toContain('UNAUTHENTICATED');
});
