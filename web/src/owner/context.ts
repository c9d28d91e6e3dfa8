import { getContext, setContext } from "svelte";
import type { House } from "./house.svelte";

const house = Symbol("house");

/** Makes the house known to all sections below. */
export function provideHouse(value: House): House {
  return setContext(house, value);
}

/** The house of this page. */
export function useHouse(): House {
  return getContext<House>(house);
}
