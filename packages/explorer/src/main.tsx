import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { createGraphiQLFetcher, type Storage } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

const address = new URL('/graphql', location.href);
const socketAddress = new URL(address);
socketAddress.protocol = address.protocol.replace('http', 'ws');

const fetcher = createGraphiQLFetcher({
  url: address.href,
  subscriptionUrl: socketAddress.href,
});

const FIRST_QUERY = `# The header editor below takes a secret: {"Authorization": "Bearer lks_…"}
query WhoAmI {
  viewer {
    account { username role }
    effectivePermissions
  }
}
`;

/** Passwords and secrets stand in variables and headers, so nothing is kept when the page is closed. */
function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

const root = document.getElementById('explorer');
if (root) {
  createRoot(root).render(
    <GraphiQL fetcher={fetcher} storage={memoryStorage()} defaultQuery={FIRST_QUERY} />,
  );
}
