/** From the pages of the administrators' part to its list. */
export const BACK_TO_LIST = { href: '/admin', label: 'Keys and servers' } as const;
