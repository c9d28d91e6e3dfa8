// Builds every page by itself. Screens are different devices, so they have nothing to share, and a guest's phone must
// not fetch what only the staff's screens need.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "..");
const pages = readdirSync(root).filter((name) => name.endsWith(".html"));
const outDir = process.argv[2] ?? "dist";

for (const [i, page] of pages.entries()) {
  const mode = page.replace(".html", "");
  await build({ root, mode, logLevel: "warn", build: { outDir, emptyOutDir: i === 0 } });
}
