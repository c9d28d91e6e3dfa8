import { mount } from "svelte";
import "../lib/base.css";
import "./guest.css";
import { recall } from "../lib/storage";
import { bestOf, language, spoken } from "../lib/words.svelte";
import App from "./App.svelte";
import { cleanAddress, readArrival } from "./arrival";
import { languageName, Visit } from "./visit.svelte";
import { loadWords } from "./words";

const arrival = readArrival(location);
// Keys and signed words leave the address before anything else runs: it may be copied, shared or photographed.
history.replaceState(history.state, "", cleanAddress(arrival));
if (arrival.dark !== undefined) document.documentElement.dataset.theme = arrival.dark ? "dark" : "light";
language.set(recall<string>(languageName) ?? bestOf(spoken, navigator.languages));

// The device is asked while the words are on their way.
const visit = new Visit(arrival);
void visit.arrive();
await loadWords(language.tag).catch(() => loadWords("en"));
mount(App, { target: document.getElementById("app")!, props: { arrival, visit } });
