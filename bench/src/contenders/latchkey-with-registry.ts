/** Latchkey as it is started in production, as the token server of a registry. */
Object.assign(process.env, {
  DATABASE_URL: `sqlite:${process.env['DATABASE_PATH']}`,
  LATCHKEY_LOG_LEVEL: 'error',
  LATCHKEY_REGISTRY_SERVICE: 'registry.example.com',
});
await import(import.meta.resolve('@latchkey/server').replace('server.js', 'main.js'));
