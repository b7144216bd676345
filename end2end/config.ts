// What the test run and the run for pictures have in common.
import type { PlaywrightTestConfig } from "@playwright/test";

/** Chromium of the system, found by scripts/env.sh; nothing is ever downloaded. */
const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export const common = {
  outputDir: "../test-results",
  globalSetup: "./fixtures/global-setup.ts",
  // Tests of one file share the data of their worker's server, so they run one after the other.
  fullyParallel: false,
  workers: Number(process.env.E2E_WORKERS) || 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  timeout: 60_000,
  globalTimeout: 45 * 60_000,
  // Only what fails waits so long, and a busy machine makes nothing fail: a click that leads on counts until the next page begins.
  expect: { timeout: 10_000 },
  use: {
    headless: true,
    locale: "en-US",
    timezoneId: "Europe/Lisbon",
    colorScheme: "light",
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "off",
    video: "off",
    launchOptions: { executablePath, args },
  },
} satisfies PlaywrightTestConfig;
