import { useQuery } from '@apollo/client/react';
import {
  KeysAndServersDocument,
  type RegistryKeyFieldsFragment,
  type ResourceServerFieldsFragment,
} from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';
import type { Problem } from '../../transport/transport.js';

interface Found<Value> {
  /** Undefined while it is loading, and where there is none. */
  readonly value: Value | undefined;
  readonly loading: boolean;
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

export function useResourceServer(id: string): Found<ResourceServerFieldsFragment> {
  const { data, ...rest } = useKeysAndServers();
  return { ...rest, value: data?.resourceServers.find((server) => server.id === id) };
}

/** @param kid as it stands in the address, where its colons may be encoded */
export function useRegistryKey(kid: string): Found<RegistryKeyFieldsFragment> {
  const { data, ...rest } = useKeysAndServers();
  return {
    ...rest,
    value: data?.registryKeys.find((key) => key.kid === kid || encodeURIComponent(key.kid) === kid),
  };
}

function useKeysAndServers() {
  const { data, loading, error, refetch } = useQuery(KeysAndServersDocument);
  return {
    data,
    loading,
    problem: error && problemOf(error),
    retry: () => void refetch(),
  };
}
