import type { UsageFieldsFragment } from '../../graphql/generated/operations.js';

/** What is kept on the page; older ones are a click away again. */
const KEPT_AT_MOST = 500;

/** Uses without a hole between them, each once, newest first; older ones are asked for from the last one on. */
export interface UsageList {
  readonly events: readonly UsageFieldsFragment[];
  readonly hasOlder: boolean;
}

/** The newest page. What was listed before stays where the page reaches it; else uses would be missing in between. */
export function withNewest(before: UsageList | undefined, page: UsageList): UsageList {
  const oldest = page.events.at(-1);
  const listed = before?.events ?? [];
  if (before && oldest && listed.some(({ id }) => id === oldest.id)) {
    const isSameEnd = listed.at(-1)?.id === oldest.id;
    return {
      events: merged(listed, page.events),
      hasOlder: isSameEnd ? page.hasOlder : before.hasOlder,
    };
  }
  // Those that arrived while the page was on its way are newer than all of it.
  const newer = listed.filter(({ id }) => !oldest || id > oldest.id);
  return { events: merged(newer, page.events), hasOlder: page.hasOlder };
}

/** The page that follows the use `after`; nothing changes where the list no longer ends with that one. */
export function withOlder(
  before: UsageList | undefined,
  after: string,
  page: UsageList,
): UsageList | undefined {
  if (before?.events.at(-1)?.id !== after) return before;
  return { events: merged(before.events, page.events), hasOlder: page.hasOlder };
}

export function withArrived(
  before: UsageList | undefined,
  arrived: readonly UsageFieldsFragment[],
): UsageList {
  const events = merged(before?.events ?? [], arrived);
  return {
    events: events.slice(0, KEPT_AT_MOST),
    // Until the first page has come nobody knows.
    hasOlder: (before?.hasOlder ?? true) || events.length > KEPT_AT_MOST,
  };
}

/** As the server lists them: its identifiers are in the order of time. */
function merged(...lists: readonly (readonly UsageFieldsFragment[])[]): UsageFieldsFragment[] {
  const byId = new Map(lists.flat().map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
