// Browser tests against the release binary: `make e2e`, or scripts/e2e.sh with GUICHET_BIN and CHROMIUM.
// Every spec runs with scripts and without, unless it needs them (*.hydrate.spec.ts, axe); phones run what requesters do and the
// main job. A tag leaves a test out where it would only repeat itself:
//   @scripts  about pages with scripts            @desktop  the same on every screen: not on phones
//   @plain    about pages without scripts, or     @phone    on phones only
//             about pages that are HTML alone     @pair     at a desk with scripts and on a phone without: each is seen once
//   @not-NAME not in the project NAME
import { defineConfig } from "@playwright/test";
import { common, DESKTOP, PHONE } from "./config.ts";

const NEEDS_SCRIPTS = [/\.hydrate\.spec\.ts$/, /a11y\.spec\.ts$/];
const ON_PHONES = [
  /(a11y|bulk|chat|customers|knowledge|mail|main-job|messages|new-request|portal|search|sign-in|solutions|survey)\.spec\.ts$/,
  /(drafts|live)\.hydrate\.spec\.ts$/,
];

const desktop = { viewport: DESKTOP };
const phone = { viewport: PHONE, hasTouch: true };

/** A project without the tests that have one of these tags. */
const without = (name: string, ...tags: string[]) => ({
  name,
  grepInvert: [...tags, `not-${name}`].map((tag) => new RegExp(`@${tag}(?![\\w-])`)),
});

export default defineConfig({
  ...common,
  testDir: "./tests",
  projects: [
    { ...without("desktop", "plain", "phone"), use: desktop },
    {
      ...without("desktop-nojs", "scripts", "phone", "pair"),
      use: { ...desktop, javaScriptEnabled: false },
      testIgnore: NEEDS_SCRIPTS,
    },
    { ...without("phone", "plain", "desktop", "pair"), use: phone, testMatch: ON_PHONES },
    {
      ...without("phone-nojs", "scripts", "desktop"),
      use: { ...phone, javaScriptEnabled: false },
      testMatch: ON_PHONES,
      testIgnore: NEEDS_SCRIPTS,
    },
  ],
});
