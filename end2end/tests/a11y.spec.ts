// axe finds nothing on any page, light and dark, and no page scrolls sideways at 320 px.
import type { Page } from "@playwright/test";
import { violations } from "../fixtures/axe.ts";
import { choose, idOf, openComposer, register } from "../fixtures/occurrences.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique } from "../fixtures/words.ts";

async function isClean(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect.soft(await violations(page), `${page.url()} ${colorScheme}`).toEqual([]);
  }
}

async function doesNotScrollSideways(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(width, `${page.url()} at 320 px`).toBeLessThanOrEqual(320);
  if (size) await page.setViewportSize(size);
}

const PAGES: Record<string, string[]> = {
  "": ["/sign-in"],
  supervisor1: [
    "/",
    "/tickets",
    "/tickets?text=zzzznothing",
    "/tickets?status=purple",
    "/tickets/new",
    "/tickets/1",
    "/tickets/1?panel=properties",
    "/tickets/1/note",
    "/tickets/1/solve",
    "/tickets/4",
    "/tickets/1/history",
    "/tickets/1/history?from=nonsense",
    "/tickets/1/history?print=1&private=1",
    "/tickets/1/print",
    "/tickets/1/print?private=1",
    "/tickets/1/chat",
    "/tickets/4/survey",
    "/chat",
    "/tickets/1?panel=history",
    "/tickets/1/messages",
    "/tickets/1/tasks",
    "/tickets/1/tasks/new",
    "/tasks",
    "/planner",
    "/planner?view=list",
    "/tickets/1/validations",
    "/tickets/1/documents",
    "/tickets/1/statistics",
    "/approvals",
    "/reports",
    "/reports?from=nonsense",
    "/tickets/1/do/assign",
    "/tickets/1/do/suspend",
    "/search",
    "/search?q=VPN",
    "/knowledge",
    "/knowledge?q=VPN",
    "/knowledge?part=review",
    "/knowledge/new",
    "/tickets/1/knowledge?q=Wi-Fi",
    "/profile",
    "/profile/notifications",
    "/notifications",
    "/drafts",
    "/trash",
    "/customers",
    "/customers?q=zzzz",
    "/customers/new",
    "/customers/import",
    "/customer-occurrences/new?search=north",
    "/reports/customer-occurrences",
    "/reports/customer-occurrences?from=nonsense",
    "/tickets/1/customer?words=north",
    "/settings/lists",
    "/settings/lists/request-sources",
    "/settings/lists/pending-reasons?refused=in_use",
    `/settings/lists/locations?wrong=names.en%3Aduplicate_name&typed=${encodeURIComponent('{"list":"locations","names":{"en":"x"}}')}`,
  ],
  admin: ["/admin/users", "/admin/users/new", "/admin/groups", "/admin/groups/new", "/admin/roles", "/admin/roles/why", "/admin/entities", "/admin/entities/new", "/settings", "/settings?q=171&row=reopen_days&code=out_of_range&typed=400", "/settings?q=zzzz", "/settings/mail", "/settings/lists/calendars", "/audit", "/audit?from=nonsense", "/unsubscribe?token=guessed", "/survey?token=guessed", "/settings/templates?kind=replies", "/settings/templates?kind=mails", "/settings/templates/new?kind=replies&ticket=1", "/settings/templates/new?kind=tasks"],
  requester1: ["/knowledge", "/knowledge?q=VPN", "/knowledge/suggestions?q=VPN", "/requests", "/requests?text=zzzznothing", "/requests?opened_from=2026-01-01", "/requests/new", "/requests/1", "/requests/1?ask=cancel", "/requests/22", "/requests/22?ask=refuse", "/solution?token=none", "/requests/1/history", "/requests/1?panel=history", "/requests/1/messages", "/requests/1/chat", "/profile", "/notifications", "/profile/notifications", "/approvals", "/drafts"],
};

for (const [key, paths] of Object.entries(PAGES)) {
  for (const path of paths) {
    test(`${path} is clean${key && ` for ${key}`}`, async ({ page, signIn, guard }) => {
      guard.allowStatus(422);
      if (key) await signIn(page, key);
      await page.goto(path);
      await expect(page.locator("html")).toHaveAttribute("data-hydrated", /.*/, { timeout: 20_000 });
      await isClean(page);
      await doesNotScrollSideways(page);
    });
  }
}

test("the form of an occurrence is clean, private and public", async ({ page, signIn }) => {
  await signIn(page, "tech1");
  const form = await openComposer(page, 1);
  await expect(form.locator(".desk-editor-surface")).toBeVisible({ timeout: 15_000 });
  for (const visibility of ["private", "public"] as const) {
    await choose(form, visibility);
    await isClean(page);
  }
  await doesNotScrollSideways(page);
});

test("the pages of an occurrence are clean", async ({ page, signIn }) => {
  test.slow();
  await signIn(page, "tech1");
  const made = await register(page, 1, { text: unique("clean"), visibility: "private" });
  const id = await idOf(made);
  for (const where of ["edit", "remove", "revisions"]) {
    await visit(page, `/tickets/1/occurrences/${id}/${where}`);
    await isClean(page);
    await doesNotScrollSideways(page);
  }
});

test("pages that are found by links are clean", async ({ page, signIn }) => {
  test.slow();
  await signIn(page, "tech1");
  const places: [list: string, link: string, pages: string[]][] = [
    ["/customers", ".customer-table a.row-title", ["", "?section=tickets", "?section=contacts", "?section=history", "/edit", "/remove", "/occurrences/new"]],
    ["/knowledge", ".article-row a.result-title", ["", "/edit", "/versions"]],
    ["/reports/customer-occurrences", 'li.customer-entry a[href$="/edit"]', [""]],
  ];
  for (const [list, link, pages] of places) {
    await visit(page, list);
    const found = await page.locator(link).first().getAttribute("href");
    for (const below of pages) {
      await visit(page, `${found}${below}`);
      await isClean(page);
      await doesNotScrollSideways(page);
    }
  }
});

test("Not found is clean", async ({ page, signIn, guard }) => {
  guard.allowStatus(404);
  await signIn(page, "tech1");
  await visit(page, "/tickets/999999", 404);
  await isClean(page);
});
