import { mount } from "svelte";
import "../lib/base.css";
import { language } from "../lib/words.svelte";
import App from "./App.svelte";

language.begin();
mount(App, { target: document.getElementById("app")! });
