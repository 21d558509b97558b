import {
  createContext,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react';

/** Where somebody stands in the list of tokens: the view, as in its address, and the page of it. */
interface ListPlace {
  readonly view: string;
  /** The cursors of the pages gone through: the last one's is where the page begins. */
  readonly cursors: readonly string[];
}

interface KeptPlace {
  readonly place: ListPlace;
  readonly setPlace: Dispatch<SetStateAction<ListPlace>>;
}

const NO_CURSORS: readonly string[] = [];
const ListPlaceContext = createContext<KeptPlace | undefined>(undefined);

/** Keeps the place in the list while other pages are open. */
export function ListPlaceProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState<ListPlace>({ view: '', cursors: NO_CURSORS });
  const kept = useMemo(() => ({ place, setPlace }), [place]);
  return <ListPlaceContext value={kept}>{children}</ListPlaceContext>;
}

/** The cursors in `view`; a view that is come to from another begins at its first page. */
export function useCursors(view: string) {
  const { place, setPlace } = useKeptPlace();
  const known = place.view === view;
  useEffect(() => {
    if (!known) setPlace({ view, cursors: NO_CURSORS });
  }, [known, setPlace, view]);
  const setCursors = useCallback(
    (cursors: readonly string[]) => setPlace({ view, cursors }),
    [setPlace, view],
  );
  return [known ? place.cursors : NO_CURSORS, setCursors] as const;
}

/** The way back to the list as it was left. */
export function useWayBack(): { readonly href: string; readonly label: string } {
  const { view } = useKeptPlace().place;
  return { href: view === '' ? '/tokens' : `/tokens?${view}`, label: 'Tokens' };
}

function useKeptPlace(): KeptPlace {
  const kept = use(ListPlaceContext);
  if (!kept) throw new Error('The place in the list needs a ListPlaceProvider above it.');
  return kept;
}
