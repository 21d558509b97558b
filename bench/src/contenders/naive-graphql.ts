import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import Libsql from 'libsql';
import { buildSchema, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { announce } from './announce.js';

/**
 * The server that the frameworks' first pages lead to: Express with Apollo Server's middleware, TypeGraphQL over TypeORM's
 * own entities, and a `findOneBy` for each look-up. It reads Latchkey's tables, records no use, and checks nothing but
 * that the token exists: less than what it is compared with.
 */
@ObjectType()
@Entity('accounts')
class Account {
  @Field(() => ID)
  @PrimaryColumn({ type: 'varchar' })
  id!: string;

  @Field(() => String)
  @Column({ type: 'varchar' })
  username!: string;

  @Field(() => String)
  @Column({ type: 'varchar' })
  email!: string;
}

@Entity('access_tokens')
class AccessToken {
  @PrimaryColumn({ type: 'varchar' })
  id!: string;

  @Column({ type: 'varchar' })
  accountId!: string;

  @Column({ type: 'int' })
  scopes!: number;
}

@Entity('access_token_secrets')
class AccessTokenSecret {
  @PrimaryColumn({ type: 'varchar' })
  digest!: string;

  @Column({ type: 'varchar' })
  accessTokenId!: string;
}

@ObjectType()
class Viewer {
  @Field(() => Account)
  account!: Account;

  @Field(() => Int)
  scopes!: number;
}

interface Context {
  readonly token: AccessToken | null;
}

const database = await new DataSource({
  type: 'better-sqlite3',
  driver: Libsql,
  database: process.env['DATABASE_PATH'] ?? '',
  entities: [Account, AccessToken, AccessTokenSecret],
}).initialize();

@Resolver()
class ViewerResolver {
  @Query(() => Viewer)
  async viewer(@Ctx() { token }: Context): Promise<Viewer> {
    if (token === null) throw new Error('This is not a valid access token.');
    const account = await database.manager.findOneByOrFail(Account, { id: token.accountId });
    return { account, scopes: token.scopes };
  }
}

async function tokenOf({ headers }: IncomingMessage): Promise<AccessToken | null> {
  const secret = headers.authorization?.replace('Bearer ', '') ?? '';
  const digest = createHash('sha256').update(secret).digest('base64url');
  const found = await database.manager.findOneBy(AccessTokenSecret, { digest });
  return found && database.manager.findOneBy(AccessToken, { id: found.accessTokenId });
}

const apollo = new ApolloServer<Context>({
  schema: await buildSchema({ resolvers: [ViewerResolver] }),
});
await apollo.start();
const app = express();
const context = async ({ req }: { req: IncomingMessage }) => ({ token: await tokenOf(req) });
app.use('/graphql', express.json(), expressMiddleware(apollo, { context }));
const server = createServer(app);
server.listen(0, '127.0.0.1', () => announce(server));
