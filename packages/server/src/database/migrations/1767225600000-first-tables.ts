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

/** Every table. Nothing of it changes once a version is released: what comes later is a migration of its own. */
export class FirstTables1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table(), true);
    const [size] = await runner.query('SELECT id FROM usage_log_size');
    if (size !== undefined) return;
    await runner.query("INSERT INTO usage_log_size (id, bytes) VALUES ('all', 0)");
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table());
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
      // A sign-in asks for its device among one account's open sessions, not among all that there ever were.
      { name: 'sessions_by_device', columnNames: ['accountId', 'deviceId', 'endedAt'] },
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

const knownClients = () =>
  new Table({
    name: 'known_clients',
    columns: [text('digest', 43, primary), id('accountId'), time('lastSignInAt')],
    indices: [
      { name: 'known_clients_by_account', columnNames: ['accountId'] },
      { name: 'known_clients_by_sign_in', columnNames: ['lastSignInAt'] },
    ],
  });

const setupCodes = () => new Table({ name: 'setup_codes', columns: [text('digest', 43, primary)] });

const usageJournal = () =>
  new Table({
    name: 'usage_journal',
    columns: [
      { name: 'shard', type: 'integer', isPrimary: true },
      id('id', primary),
      { name: 'events', type: 'text' },
    ],
  });

const usageGroups = () =>
  new Table({
    name: 'usage_groups',
    withoutRowid: true,
    columns: [
      id('id', primary),
      id('accessTokenId'),
      id('accountId'),
      text('outcome', 8),
      id('oldestId'),
      { name: 'eventCount', type: 'integer' },
      { name: 'events', type: 'text' },
    ],
    indices: [
      {
        name: 'usage_groups_by_token',
        columnNames: ['accessTokenId', 'outcome', 'id', 'eventCount'],
      },
      { name: 'usage_groups_by_account', columnNames: ['accountId', 'outcome', 'id'] },
    ],
  });

const usageLogSize = () =>
  new Table({ name: 'usage_log_size', columns: [id('id', primary), time('bytes')] });

const namespaces = () =>
  new Table({
    name: 'namespaces',
    columns: [
      text('name', 39, primary),
      id('ownerId'),
      { name: 'isPublic', type: 'boolean' },
      time('changedAt'),
    ],
  });

const signingKeys = () =>
  new Table({
    name: 'signing_keys',
    columns: [
      text('kid', 64, primary),
      text('privateKey', 4000),
      text('certificate', 4000),
      time('createdAt'),
      time('activeFrom'),
      time('certificateExpiresAt'),
    ],
  });

const resourceServers = () =>
  new Table({
    name: 'resource_servers',
    columns: [
      id('id', primary),
      text('name', 39),
      text('secretDigest', 43),
      time('createdAt'),
      id('createdById'),
      time('revokedAt', nullable),
      text('revocationNote', 250, nullable),
    ],
    indices: [
      { name: 'resource_servers_by_name', columnNames: ['name'], isUnique: true },
      { name: 'resource_servers_by_secret', columnNames: ['secretDigest'], isUnique: true },
    ],
  });

const locks = () =>
  new Table({ name: 'locks', columns: [text('name', 36, primary), time('holds')] });

const leases = () =>
  new Table({
    name: 'leases',
    columns: [text('name', 64, primary), text('holder', 36), time('expiresAt')],
  });

const clockMarks = () =>
  new Table({
    name: 'clock_marks',
    columns: [text('name', 36, primary), time('latestMs'), id('afterEventId')],
  });

const TABLES = [
  accounts,
  sessions,
  accessTokens,
  secrets,
  knownClients,
  setupCodes,
  usageJournal,
  usageGroups,
  usageLogSize,
  namespaces,
  signingKeys,
  resourceServers,
  locks,
  leases,
  clockMarks,
];
