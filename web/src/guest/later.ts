// What nobody needs up to the first order; it is fetched when the first page stands.
export { default as Toast } from "../lib/Toast.svelte";
export { default as Bill } from "./Bill.svelte";
export { default as Chooser } from "./Chooser.svelte";
export { default as DifferencesSheet } from "./DifferencesSheet.svelte";
export { default as FilterSheet } from "./FilterSheet.svelte";
export { default as LanguageSheet } from "./LanguageSheet.svelte";
export { default as Orders } from "./Orders.svelte";
export { default as Quote } from "./Quote.svelte";
export { default as Service } from "./Service.svelte";
