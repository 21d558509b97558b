import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test('an unknown address is 404: a page with a way back where a browser asks, else JSON', async () => {
  await using server = await startServer();
  // The last is a mistyped endpoint, which a proxy asks with its client's own headers.
  for (const path of ['/nowhere', '/assets/gone.js', '/auth/verifyy']) {
    const ask = (accept: string, method = 'GET') =>
      fetch(server.url + path, { method, headers: { accept } });
    const page = await ask(BROWSER);
    expect(page.status).toBe(404);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<a href="/">');
    for (const answer of [await ask('*/*'), await ask(BROWSER, 'POST')]) {
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: 'NOT_FOUND' });
    }
  }
});
