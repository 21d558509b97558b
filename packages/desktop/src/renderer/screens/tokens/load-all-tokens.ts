import type { ApolloClient } from '@apollo/client';
import { LIMITS } from '@latchkey/shared';
import {
  type TokenFieldsFragment,
  TokensDocument,
  type TokensQuery,
  type TokensQueryVariables,
} from '../../graphql/generated/operations.js';
import { type ListView, toVariables } from './list-view.js';

/** A bound against a server whose pages never end. */
const PAGES_AT_MOST = 100;

/** Every token of the view, page by page. */
export async function loadAllTokens(
  client: ApolloClient,
  view: ListView,
): Promise<TokenFieldsFragment[]> {
  const tokens: TokenFieldsFragment[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES_AT_MOST; page++) {
    const variables: TokensQueryVariables = {
      ...toVariables(view, after),
      first: LIMITS.pageMaxLength,
    };
    const { data, error }: ApolloClient.QueryResult<TokensQuery> = await client.query({
      query: TokensDocument,
      variables,
      // Into the cache, where each hears of its uses.
      fetchPolicy: 'network-only',
    });
    if (!data) throw error ?? new Error('The list of tokens came without data.');
    tokens.push(...data.accessTokens.edges.map(({ node }) => node));
    const { hasNextPage, endCursor } = data.accessTokens.pageInfo;
    if (!hasNextPage || !endCursor) break;
    after = endCursor;
  }
  return tokens;
}
