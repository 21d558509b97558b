import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { makeHome } from '../support/process.js';
import { steadyPort } from '../support/programs/free-port.js';

/** EX_UNAVAILABLE: a supervisor may try again. */
const UNAVAILABLE = 69;

test('a server whose MySQL does not answer says so in words, without the password', async () => {
  await using home = await makeHome();
  const place = `127.0.0.1:${await steadyPort()}/latchkey`;

  const DATABASE_URL = `mysql://latchkey:secret@${place}`;
  const { exitCode, notes } = await home.runToEnd({ DATABASE_URL });

  expect(exitCode).toBe(UNAVAILABLE);
  expect(notes).toContain(`The database at mysql://${place} cannot be used: connect ECONNREFUSED`);
  expect(notes).not.toContain('secret');
});

test('a server whose file is no database says so in words', async () => {
  await using home = await makeHome();
  const path = `${home.folder}/notes.txt`;
  await writeFile(path, 'Buy milk. '.repeat(1000));

  const { exitCode, notes } = await home.runToEnd({ DATABASE_URL: `sqlite:${path}` });

  expect(exitCode).toBe(UNAVAILABLE);
  expect(notes).toContain(`The database at ${path} cannot be used: file is not a database`);
});
