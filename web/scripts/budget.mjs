// Fails when a page's first load is heavier than its budget (gzip): the page, and what its first picture needs. A page
// that loads its words by language counts the larger catalog. What a page fetches by itself right after the first picture
// is no part of that, but of everything that goes over the line without a press, which has a budget of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = process.argv[2] ?? join(import.meta.dirname, "..", "dist");
const budgets = [
  { page: "guest.html", kilobytes: 50, words: ["guest.en.json", "guest.de.json"] },
  { page: "kitchen.html", kilobytes: 75, soon: "src/kitchen/later.ts", together: 120 },
  { page: "display.html", kilobytes: 30 },
  { page: "owner.html", kilobytes: 150 },
  { page: "index.html", kilobytes: 30 },
];

const weight = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

const sum = (numbers) => numbers.reduce((all, n) => all + n, 0);

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

function judge(what, bytes, kilobytes) {
  const over = bytes > kilobytes * 1024;
  tooHeavy ||= over;
  console.log(`${over ? "TOO HEAVY" : "ok"}  ${what}: ${(bytes / 1024).toFixed(1)} of ${kilobytes} KB gzip`);
}

for (const { page, kilobytes, words = [], soon, together } of budgets) {
  const manifest = JSON.parse(readFileSync(join(dist, ".vite", page.replace(".html", ".json")), "utf8"));
  const entry = manifest[page];
  if (!entry?.isEntry) throw new Error(`${page} is not in the build`);
  const first = files(manifest, page);
  const catalogs = words.map((name) => {
    const found = Object.values(manifest).find((chunk) => chunk.src?.endsWith(`/${name}`));
    if (!found) throw new Error(`${page}: the words ${name} are not in the build`);
    return weight(found.file);
  });
  const bytes = sum([page, ...first].map(weight)) + Math.max(0, ...catalogs);
  judge(page, bytes, kilobytes);
  if (!soon) continue;
  if (!manifest[soon]) throw new Error(`${page}: ${soon} is no piece of its own any more`);
  const second = [...files(manifest, soon)].filter((file) => !first.has(file));
  judge(`${page} with what comes by itself`, bytes + sum(second.map(weight)), together);
}
process.exitCode = tooHeavy ? 1 : 0;
