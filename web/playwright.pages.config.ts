import { defineConfig } from "@playwright/test";

// The guest's page as it was built, with the device played by the test: for what a real device does not do on
// command, such as losing an answer. What needs the whole restaurant is in e2e.
export default defineConfig({
  testDir: "src",
  testMatch: "**/*.page.ts",
  fullyParallel: false,
  workers: 1,
  timeout: 45_000,
  reporter: "line",
  use: {
    baseURL: "http://127.0.0.1:4173",
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: `npx vite preview --port 4173 --strictPort --outDir ${process.env.DIST ?? "dist"}`,
    url: "http://127.0.0.1:4173/icon.svg",
    reuseExistingServer: true,
  },
});
