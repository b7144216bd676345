// axe finds nothing on any page, light and dark, and no page scrolls sideways at 320 px (P-DEV-02). A page is loaded once, and the
// pages of a group share a browser: loading and signing in again takes longer than looking. Phones see the pages that differ there.
import type { Page } from "@playwright/test";
import { violations } from "../fixtures/axe.ts";
import { type Things, things } from "../fixtures/desk.ts";
import { choose, openComposer } from "../fixtures/occurrences.ts";
import { expect, type Guard, test } from "../fixtures/test.ts";

async function isClean(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  expect.soft(await violations(page), `${page.url()} light`).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  expect.soft(await violations(page, "colours"), `${page.url()} dark`).toEqual([]);
}

async function doesNotScrollSideways(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(width, `${page.url()} at 320 px`).toBeLessThanOrEqual(320);
  if (size) await page.setViewportSize(size);
}

/** Opens an address; of one like `/admin/users → td a` the page behind the first link that fits. */
async function open(page: Page, place: string): Promise<void> {
  const [path = "", link] = place.split(" → ");
  await page.goto(path);
  if (link) await page.goto((await page.locator(link).first().getAttribute("href")) ?? "");
  await expect.soft(page.locator("html"), place).toHaveAttribute("data-hydrated", /.*/, { timeout: 20_000 });
  if (path.endsWith("panel=history")) await expect.soft(page.locator("dialog.drawer ol.history").first(), place).toBeVisible();
}

/** Looks at one page after the other; what is wrong with one does not hide the others. */
async function areClean(page: Page, guard: Guard, places: string[]): Promise<void> {
  // Addresses that are wrong on purpose answer so.
  guard.allowStatus(422);
  for (const place of places) {
    await test.step(place, async () => {
      await open(page, place);
      await isClean(page);
      await doesNotScrollSideways(page);
    });
  }
}

const isPhone = (): boolean => test.info().project.name === "phone";

interface Group {
  who: string;
  pages: string[];
  /** Those that phones show otherwise; all of them where nothing is said. */
  onPhones?: string[];
}

const WRONG_ROW = encodeURIComponent('{"list":"locations","names":{"en":"x"}}');
const GROUPS: Record<string, Group> = {
  "pages before signing in": {
    who: "",
    pages: ["/sign-in", "/invitation?token=guessed", "/solution?token=none", "/survey?token=guessed", "/unsubscribe?token=guessed"],
  },
  "lists of tickets": {
    who: "supervisor1",
    pages: [
      "/", "/tickets", "/tickets?text=zzzznothing", "/tickets?status=purple", "/tickets/new", "/search", "/search?q=VPN",
      "/trash", "/drafts", "/tickets/bulk", "/tickets/bulk?n=1&n=2&action=assign", "/tickets/bulk?n=1&n=2&action=occurrence",
    ],
    onPhones: ["/", "/tickets", "/tickets/new", "/tickets/bulk?n=1&n=2&action=solve"],
  },
  tickets: {
    who: "supervisor1",
    pages: [
      "/tickets/1", "/tickets/1?panel=properties", "/tickets/1?panel=history", "/tickets/1/note", "/tickets/1/solve",
      "/tickets/4", "/tickets/22", "/tickets/1/messages", "/tickets/1/chat", "/tickets/4/survey",
    ],
    onPhones: ["/tickets/1", "/tickets/1?panel=properties", "/tickets/1?panel=history", "/tickets/1/note"],
  },
  "parts of a ticket": {
    who: "supervisor1",
    pages: [
      "/tickets/1/tasks", "/tickets/1/tasks/new", "/tickets/1/validations", "/tickets/1/documents", "/tickets/1/statistics",
      "/tickets/1/knowledge?q=Wi-Fi", "/tickets/1/customer?words=north", "/tickets/1/do/assign", "/tickets/1/do/suspend",
      "/tickets/1/do/cancel", "/tickets/22/do/close",
    ],
    onPhones: ["/tickets/1/documents"],
  },
  "histories and prints": {
    who: "supervisor1",
    pages: [
      "/tickets/1/history", "/tickets/1/history?from=nonsense", "/tickets/1/history?print=1&private=1", "/tickets/1/print",
      "/tickets/1/print?private=1",
    ],
    onPhones: ["/tickets/1/history"],
  },
  "what an agent has to do": {
    who: "supervisor1",
    pages: [
      "/tasks", "/planner", "/planner?view=day", "/planner?view=list", "/approvals", "/chat", "/notifications", "/profile",
      "/profile/notifications",
    ],
    onPhones: ["/planner", "/notifications"],
  },
  "numbers and articles": {
    who: "supervisor1",
    pages: [
      "/reports", "/reports?from=nonsense", "/reports/customer-occurrences", "/reports/customer-occurrences?from=nonsense",
      "/knowledge", "/knowledge?q=VPN", "/knowledge?part=review", "/knowledge/new",
    ],
    onPhones: ["/reports", "/reports/customer-occurrences", "/knowledge"],
  },
  customers: {
    who: "supervisor1",
    pages: ["/customers", "/customers?q=zzzz", "/customers/new", "/customers/import", "/customer-occurrences/new?search=north"],
    onPhones: ["/customers", "/customer-occurrences/new?search=north"],
  },
  lists: {
    who: "supervisor1",
    pages: [
      "/settings/lists", "/settings/lists/request-sources", "/settings/lists/pending-reasons?refused=in_use",
      `/settings/lists/locations?wrong=names.en%3Aduplicate_name&typed=${WRONG_ROW}`,
      "/settings/lists/ticket-categories → .list-table tbody a",
    ],
    onPhones: ["/settings/lists/request-sources"],
  },
  "users and rights": {
    who: "admin",
    pages: [
      "/admin/users", "/admin/users/new", "/admin/users → .admin-table tbody a", "/admin/groups", "/admin/groups/new",
      "/admin/groups → .admin-table tbody a", "/admin/roles", "/admin/roles/why", "/admin/roles → .admin-table tbody a",
      "/admin/entities", "/admin/entities/new", "/admin/entities → .admin-table tbody a",
    ],
    onPhones: ["/admin/users", "/admin/roles → .admin-table tbody a"],
  },
  settings: {
    who: "admin",
    pages: [
      "/settings", "/settings?q=171&row=reopen_days&code=out_of_range&typed=400", "/settings?q=zzzz", "/settings/mail",
      "/settings/lists/calendars", "/audit", "/audit?from=nonsense",
    ],
    onPhones: ["/settings?q=171&row=reopen_days&code=out_of_range&typed=400", "/settings/mail", "/audit"],
  },
  templates: {
    who: "admin",
    pages: [
      "/settings/templates?kind=replies", "/settings/templates?kind=mails",
      "/settings/templates?kind=mails → .template-table tbody a", "/settings/templates/new?kind=replies&ticket=1",
      "/settings/templates/new?kind=tasks",
    ],
    onPhones: ["/settings/templates?kind=mails", "/settings/templates/new?kind=replies&ticket=1"],
  },
  requests: {
    who: "requester1",
    pages: [
      "/requests", "/requests?text=zzzznothing", "/requests?opened_from=2026-01-01", "/requests/new", "/requests/1",
      "/requests/1?ask=cancel", "/requests/22", "/requests/22?ask=refuse", "/requests/1/history",
      "/requests/1?panel=history", "/requests/1/messages", "/requests/1/chat",
    ],
  },
  "other pages of the portal": {
    who: "requester1",
    pages: [
      "/knowledge", "/knowledge?q=VPN", "/knowledge/suggestions?q=VPN", "/approvals", "/notifications", "/profile",
      "/profile/notifications", "/drafts",
    ],
  },
};

for (const [name, { who, pages, onPhones = pages }] of Object.entries(GROUPS)) {
  test(`${name} are clean${who && ` for ${who}`}`, async ({ page, signIn, guard }) => {
    test.slow();
    if (who) await signIn(page, who);
    await areClean(page, guard, isPhone() ? onPhones : pages);
  });
}

/** Pages of what has to be made first, by who sees them. */
const pagesOf = (of: Things): Record<string, { pages: string[]; onPhones: string[] }> => ({
  tech1: {
    pages: [
      ...["edit", "remove", "revisions"].map((where) => `/tickets/1/occurrences/${of.note}/${where}`),
      ...["", "/edit", "/remove", "/revisions"].map((where) => `/tickets/1/tasks/${of.task}${where}`),
      ...["edit", "revisions"].map((where) => `/tickets/2/solutions/${of.solution}/${where}`),
      ...["", "/edit", "/versions", "/versions?version=1"].map((where) => `/knowledge/${of.article}${where}`),
      ...["", "?section=tickets", "?section=contacts", "?section=history", "/edit", "/remove", "/occurrences/new"].map((where) => `/customers/${of.customer}${where}`),
      ...["edit", "remove", "revisions", "ticket"].map((where) => `/customer-occurrences/${of.occurrence}/${where}`),
      "/tickets/1/validations",
      "/chat",
      "/tickets/1/chat",
      "/tickets/1/history?tab=chat",
    ],
    onPhones: [
      `/tickets/1/occurrences/${of.note}/revisions`, `/tickets/1/tasks/${of.task}`, `/knowledge/${of.article}`,
      `/customers/${of.customer}`, "/tickets/1/chat",
    ],
  },
  supervisor1: { pages: ["/approvals", `/approvals/${of.validation}`, "/tickets/22/survey"], onPhones: [`/approvals/${of.validation}`] },
  requester1: {
    pages: [
      `/knowledge/${of.article}`, "/requests/22", "/requests/22/survey?score=4", "/requests/1/chat",
      "/requests/1/history?tab=chat",
    ],
    onPhones: [
      `/knowledge/${of.article}`, "/requests/22", "/requests/22/survey?score=4", "/requests/1/chat",
      "/requests/1/history?tab=chat",
    ],
  },
});

test("pages of what has to be made first are clean", async ({ as, guard, ownServer }) => {
  test.setTimeout(360_000);
  const desk = await ownServer();
  for (const [who, { pages, onPhones }] of Object.entries(pagesOf(await things(desk)))) {
    await areClean(await as(who, desk), guard, isPhone() ? onPhones : pages);
  }
});

test("the first page of an empty desk is clean", async ({ page, guard, ownServer }) => {
  const { setUpUrl } = await ownServer({ empty: true });
  await areClean(page, guard, [setUpUrl]);
});

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

test("Not found is clean", async ({ page, signIn, guard }) => {
  guard.allowStatus(404);
  await signIn(page, "tech1");
  await areClean(page, guard, ["/tickets/999999"]);
});
