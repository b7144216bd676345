// Browser tests against the release binary: `make e2e`, or scripts/e2e.sh with GUICHET_BIN and CHROMIUM.
// Every spec runs with scripts and without, unless it needs them (*.hydrate.spec.ts, axe). The phone runs what is
// different there. A test tagged @plain is about pages without scripts, one tagged @scripts about pages with them.
import { defineConfig } from "@playwright/test";
import { common, DESKTOP, PHONE } from "./config.ts";

const NEEDS_SCRIPTS = [/\.hydrate\.spec\.ts$/, /a11y\.spec\.ts$/];
const ON_PHONES = [/customers\.spec/, /main-job\.spec/, /portal\.spec/, /new-request\.spec/, /sign-in\.spec/, /bad-input\.spec/, /mail\.spec/, /messages\.spec/, /a11y\.spec/, /(drafts|live|double-submit)\.hydrate\.spec/];

const desktop = { viewport: DESKTOP };
const phone = { viewport: PHONE, hasTouch: true };

export default defineConfig({
  ...common,
  testDir: "./tests",
  projects: [
    { name: "desktop", use: desktop, grepInvert: /@plain/ },
    {
      name: "desktop-nojs",
      use: { ...desktop, javaScriptEnabled: false },
      testIgnore: NEEDS_SCRIPTS,
      grepInvert: /@scripts/,
    },
    { name: "phone", use: phone, testMatch: ON_PHONES, grepInvert: /@plain/ },
    {
      name: "phone-nojs",
      use: { ...phone, javaScriptEnabled: false },
      testMatch: ON_PHONES,
      testIgnore: NEEDS_SCRIPTS,
      grepInvert: /@scripts/,
    },
  ],
});
