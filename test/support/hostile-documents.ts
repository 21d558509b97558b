/** `count` pieces, each with its number in the place of `#`. */
export function many(count: number, piece: string): string {
  return Array.from({ length: count }, (_, index) => piece.replaceAll('#', String(index))).join('');
}

export function nested(count: number, open: string, middle: string, close: string): string {
  return open.repeat(count) + middle + close.repeat(count);
}

/** Documents that took a rule of validation, or what comes after it, far longer than others of their length. */
export const HOSTILE_DOCUMENTS: Readonly<Record<string, string>> = {
  'fields in conflict': `{ ${many(220, 'accessToken(id: "#") { id } ')}}`,
  'long values in conflict': `{ ${many(40, `accessToken(id: "#${'x'.repeat(300)}") { id } `)}}`,
  'one field again and again': `{ ${'__typename '.repeat(500)}}`,
  'unknown fields': `{ ${many(490, 'a# ')}}`,
  'fields that are nearly known': `{ ${many(490, 'accessToke# ')}}`,
  'a long unknown field': `{ ${'a'.repeat(16_000)} }`,
  'unknown arguments': `{ accessTokens(${many(400, 'a#: 1 ')}) { totalCount } }`,
  'unknown fields of an input': `{ accessTokens(filter: { ${many(400, 'a#: 1 ')} }) { totalCount } }`,
  'wrong items of a list': `{ accessTokens(filter: { kinds: [${many(1800, 'A# ')}] }) { totalCount } }`,
  'unknown directives': `{ __typename ${many(900, '@a# ')} }`,
  'repeated directives': `{ __typename ${'@skip(if: true) '.repeat(240)} }`,
  'unused variables': `query (${many(600, '$v#: ID ')}) { __typename }`,
  'undefined variables': `{ ${many(120, 'accessToken(id: $v#) { id } ')}}`,
  'variables of unknown types': `query (${many(600, '$v#: T# ')}) { __typename }`,
  'one name for all variables': `query (${'$v: ID '.repeat(600)}) { __typename }`,
  operations: many(25, 'query A# { __typename } '),
  'operations of one name': 'query A { __typename } '.repeat(25),
  'a chain of fragments': `{ ...F0 } ${Array.from({ length: 190 }, (_, index) => `fragment F${index} on Query { __typename ...F${index + 1} } `).join('')} fragment F190 on Query { __typename }`,
  'fragments that double': `{ ...F0 } ${Array.from({ length: 23 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} } `).join('')}`,
  'fragments in circles': `{ ...F0 } ${many(24, `fragment F# on Query { ${many(15, '...F# ')} } `)}`,
  'many fragments': `{ ...F0 } ${many(500, 'fragment F# on Query { __typename } ')}`,
  'inline fragments': `{ ${nested(300, '... on Query { ', '__typename', ' }')} }`,
  'selections within one another': `{ sessions ${nested(240, '{ accessToken { session ', '{ id }', ' } }')} }`,
  'lists within one another': `{ accessToken(id: ${nested(900, '[', '1', ']')}) { id } }`,
  'objects within one another': `{ accessTokens(filter: ${nested(400, '{ filter: ', '1', ' }')}) { totalCount } }`,
  'a type of lists': `query ($v: ${nested(900, '[', 'ID', ']')}) { __typename }`,
  'a long string': `{ accessToken(id: "${'x'.repeat(16_000)}") { id } }`,
  'a string of escapes': `{ accessToken(id: "${'\\n'.repeat(8000)}") { id } }`,
  'a block string of lines': `{ accessToken(id: """${'\n '.repeat(8000)}""") { id } }`,
  'a long number': `{ accessTokens(first: ${'1'.repeat(16_000)}) { totalCount } }`,
  'a long comment': `{ __typename } #${'x'.repeat(16_000)}`,
  'lines before what fails for each row': `{ ${'\n'.repeat(16_000)} accessTokens(first: 200) { edges { node { usageEvents(first: 0) { edges { cursor } } } } } }`,
  'introspection again and again': `{ ${many(16, 'a#: __schema { types { name description fields { name description type { name } } } } ')}}`,
  'introspection without an end': `{ __schema { types { ${nested(60, 'fields { type { ', 'name', ' } }')} } } }`,
  'every row of everything': `{ ${many(15, 'a#: accessTokens(first: 200) { edges { node { id description hint scopes status createdAt useCount expiresAt lastUsedAt lastUsedFrom removedAt removalReason removalNote } } } ')}}`,
  'a count a day of every token':
    '{ accessTokens(first: 200) { edges { node { usageByDay(days: 90) { date allowed refused } } } } }',
  'a page of uses of every token':
    '{ accessTokens(first: 200) { edges { node { usageEvents(first: 50) { edges { node { id } } } } } } }',
};
