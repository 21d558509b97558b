// Prints the rows of a query as JSON, read by a process and a driver that share nothing with the server's.
import Libsql from 'libsql';
import { createConnection } from 'mysql2/promise';

const [url = '', query = ''] = process.argv.slice(2);
if (url.startsWith('mysql:')) {
  const connection = await createConnection(url);
  const [rows] = await connection.query(query);
  process.stdout.write(JSON.stringify(rows));
  await connection.end();
} else {
  const connection = new Libsql(url.slice('sqlite:'.length));
  process.stdout.write(JSON.stringify(connection.prepare(query).all()));
  connection.close();
}
