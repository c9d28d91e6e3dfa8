// The live line and its banner; they are fetched once the guest sits.
export { Live } from "../lib/live.svelte";
export { default as Reconnecting } from "../lib/Reconnecting.svelte";
