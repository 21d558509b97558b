import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { useTransport } from '../transport/transport-context.js';

/** Brings what is told and asked for from outside of the pages: notices, and pages to open. */
export function TransportNotices() {
  const transport = useTransport();
  const [, navigate] = useLocation();

  useEffect(() => transport.onRouteRequested((route) => navigate(route)), [transport, navigate]);
  useEffect(
    () =>
      transport.onNotice(({ id, title, body, route, shownBySystem }) => {
        if (shownBySystem && !document.hasFocus()) return;
        notifications.show({
          id,
          title,
          message: (
            <>
              {body} {route && <Link href={route}>Show it</Link>}
            </>
          ),
          autoClose: 15_000,
        });
      }),
    [transport],
  );
  return null;
}
