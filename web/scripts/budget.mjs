// Fails when a page's first load is heavier than its budget (gzip): the page, and what it fetches before anything is
// pressed. A page that loads its words by language counts the larger catalog.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = process.argv[2] ?? join(import.meta.dirname, "..", "dist");
const budgets = [
  { page: "guest.html", kilobytes: 50, words: ["guest.en.json", "guest.de.json"] },
  { page: "kitchen.html", kilobytes: 75 },
  { page: "display.html", kilobytes: 30 },
  { page: "owner.html", kilobytes: 150 },
  { page: "index.html", kilobytes: 30 },
];

const weight = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** The entry with everything it imports statically, scripts and styles. */
function files(manifest, name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const dependency of chunk.imports ?? []) files(manifest, dependency, seen);
  return seen;
}

let tooHeavy = false;
for (const { page, kilobytes, words = [] } of budgets) {
  const manifest = JSON.parse(readFileSync(join(dist, ".vite", page.replace(".html", ".json")), "utf8"));
  const entry = manifest[page];
  if (!entry?.isEntry) throw new Error(`${page} is not in the build`);
  const parts = [page, ...files(manifest, page)].map(weight);
  const catalogs = words.map((name) => {
    const found = Object.values(manifest).find((chunk) => chunk.src?.endsWith(`/${name}`));
    if (!found) throw new Error(`${page}: the words ${name} are not in the build`);
    return weight(found.file);
  });
  const total = parts.reduce((sum, bytes) => sum + bytes, 0) + Math.max(0, ...catalogs);
  const over = total > kilobytes * 1024;
  tooHeavy ||= over;
  console.log(`${over ? "TOO HEAVY" : "ok"}  ${page}: ${(total / 1024).toFixed(1)} of ${kilobytes} KB gzip`);
}
process.exitCode = tooHeavy ? 1 : 0;
