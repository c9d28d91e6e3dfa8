import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Connect, Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = import.meta.dirname;

/** Every page beside this file is an entry of its own. */
const pages = readdirSync(here).filter((name) => name.endsWith(".html"));

/** The device may be a small board: files are compressed once, here, and only picked when they are served. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(html|js|css|svg)$/.test(name)) continue;
        const path = join(dir!, name);
        const bytes = readFileSync(path);
        if (bytes.length < 512) continue;
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        };
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
      }
    },
  };
}

/** Finds the pages by the paths the device serves them at, for the development and preview servers. */
function paths(): Plugin {
  const rewrite: Connect.NextHandleFunction = (request, _response, next) => {
    const path = (request.url ?? "/").split(/[?#]/)[0]!.toLowerCase();
    const page = /^\/t(\/|$)/.test(path) ? "/guest.html" : `${path.replace(/\/$/, "")}.html`;
    if (pages.includes(page.slice(1))) request.url = page;
    next();
  };
  return {
    name: "paths",
    configureServer: (server) => void server.middlewares.use(rewrite),
    configurePreviewServer: (server) => void server.middlewares.use(rewrite),
  };
}

export default defineConfig(({ mode }) => {
  // scripts/build.mjs builds each page by itself, in a mode of the page's name.
  const own = pages.filter((name) => name === `${mode}.html`);
  return {
    plugins: [svelte(), compressed(), paths()],
    // Under Vitest the components' browser build is wanted, not the one for servers.
    resolve: mode === "test" ? { conditions: ["browser"] } : {},
    build: {
      target: ["es2022", "chrome100", "safari16", "firefox100"],
      manifest: `.vite/${mode}.json`,
      // A strict Content-Security-Policy allows neither inline scripts nor data: styles and images.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { input: (own.length > 0 ? own : pages).map((name) => join(here, name)) },
    },
    server: { host: "127.0.0.1", proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } } },
    preview: { host: "127.0.0.1" },
    test: { include: ["src/**/*.test.ts"], environment: "node", restoreMocks: true },
  };
});
