import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

type Extra = Partial<TableColumnOptions>;
const text = (name: string, length: number, extra: Extra = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...extra,
});
const id = (name: string, extra: Extra = {}) => text(name, 36, extra);
const time = (name: string, extra: Extra = {}): TableColumnOptions => ({
  name,
  type: 'bigint',
  ...extra,
});
const nullable = { isNullable: true };
const primary = { isPrimary: true };

/** Accounts, sessions, and tokens with their secrets. */
export class FirstTables1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [accounts, sessions, accessTokens, secrets]) {
      await runner.createTable(table(), true);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [secrets, accessTokens, sessions, accounts]) {
      await runner.dropTable(table());
    }
  }
}

const accounts = () =>
  new Table({
    name: 'accounts',
    columns: [
      id('id', primary),
      text('username', 39),
      text('email', 254),
      text('passwordHash', 200),
      text('role', 16),
      { name: 'permissions', type: 'integer' },
      time('createdAt'),
    ],
    // A unique index, and no constraint: that is one and the same thing on every engine.
    indices: [{ name: 'accounts_by_username', columnNames: ['username'], isUnique: true }],
  });

const sessions = () =>
  new Table({
    name: 'sessions',
    columns: [
      id('id', primary),
      id('accountId'),
      text('secretDigest', 43),
      text('client', 8),
      text('deviceId', 64, nullable),
      text('deviceName', 100, nullable),
      text('devicePlatform', 100, nullable),
      text('deviceAppVersion', 100, nullable),
      text('ipAddress', 45),
      text('userAgent', 256, nullable),
      time('createdAt'),
      time('lastSeenAt'),
      time('expiresAt'),
      time('liveUntil', nullable),
      time('endedAt', nullable),
      text('endReason', 20, nullable),
    ],
    indices: [
      { name: 'sessions_by_secret', columnNames: ['secretDigest'], isUnique: true },
      { name: 'sessions_by_account', columnNames: ['accountId', 'createdAt'] },
      { name: 'sessions_by_end', columnNames: ['liveUntil'] },
      { name: 'sessions_by_ended', columnNames: ['endedAt'] },
    ],
  });

const accessTokens = () =>
  new Table({
    name: 'access_tokens',
    columns: [
      id('id', primary),
      id('accountId'),
      text('kind', 12),
      text('description', 100),
      text('descriptionFolded', 200),
      text('hint', 12),
      { name: 'scopes', type: 'integer' },
      { name: 'active', type: 'boolean' },
      time('expiresAt', nullable),
      time('createdAt'),
      id('sessionId', nullable),
      time('lastUsedAt', nullable),
      text('lastUsedFrom', 45, nullable),
      time('useCount', { default: 0 }),
      time('removedAt', nullable),
      text('removalReason', 20, nullable),
      text('removalNote', 250, nullable),
    ],
    indices: [
      { name: 'access_tokens_by_account', columnNames: ['accountId', 'createdAt', 'id'] },
      { name: 'access_tokens_live', columnNames: ['accountId', 'removedAt', 'kind', 'createdAt'] },
      { name: 'access_tokens_by_session', columnNames: ['sessionId'] },
      { name: 'access_tokens_by_removal', columnNames: ['removedAt'] },
    ],
  });

const secrets = () =>
  new Table({
    name: 'access_token_secrets',
    withoutRowid: true,
    columns: [
      text('digest', 43, primary),
      id('accessTokenId'),
      time('createdAt'),
      time('validUntil', nullable),
    ],
    indices: [{ name: 'access_token_secrets_by_token', columnNames: ['accessTokenId'] }],
  });
