/** Latchkey as it is started in production, over a MySQL; `DATABASE_PATH` names it, and after a `#` the Redis beside it. */
const [databaseUrl = '', redisUrl] = (process.env['DATABASE_PATH'] ?? '').split('#');
process.env['DATABASE_URL'] = databaseUrl;
process.env['LATCHKEY_LOG_LEVEL'] = 'error';
if (redisUrl) process.env['REDIS_URL'] = redisUrl;
await import(import.meta.resolve('@latchkey/server').replace('server.js', 'main.js'));
