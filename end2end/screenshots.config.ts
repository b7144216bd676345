// Pictures of every screen, for people to look at: `make screenshots`. They go to screenshots/, which is not committed.
import { defineConfig } from "@playwright/test";
import { common, DESKTOP, PHONE } from "./config.ts";

const shots = (name: string, viewport: typeof DESKTOP, colorScheme: "light" | "dark") => ({
  name: `${name}-${colorScheme}`,
  use: { viewport, colorScheme, hasTouch: name === "phone" },
});

export default defineConfig({
  ...common,
  testDir: "./screenshots",
  timeout: 120_000,
  projects: [
    shots("desktop", DESKTOP, "light"),
    shots("desktop", DESKTOP, "dark"),
    shots("phone", PHONE, "light"),
    shots("phone", PHONE, "dark"),
  ],
});
