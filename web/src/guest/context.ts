import { createContext } from "svelte";
import type { Filter } from "./filter.svelte";
import type { Parts } from "./parts.svelte";
import type { Route } from "./route.svelte";
import type { Visit } from "./visit.svelte";

/** What every part of the guest's page works with. */
export interface Guest {
  visit: Visit;
  route: Route;
  filter: Filter;
  parts: Parts;
}

/** Read with `useGuest()` in any component of the page; set once by the page itself. */
export const [useGuest, provideGuest] = createContext<Guest>();
