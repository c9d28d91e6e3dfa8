// What the first tickets do not need. It is fetched as soon as they are shown, all in one piece.
export { default as Dialogs } from "./Dialogs.svelte";
export { default as Groups } from "./Groups.svelte";
export { default as Setup } from "./Setup.svelte";
export { default as Expo } from "./Expo.svelte";
