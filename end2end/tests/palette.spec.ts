// The command palette (T-LST-08): what an agent may do and find, by keys alone. Without scripts its link leads to the search.
import type { Locator, Page } from "@playwright/test";
import { violations } from "../fixtures/axe.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { pattern, unique, word } from "../fixtures/words.ts";

const SCRIPTS = { tag: "@scripts" };
const TITLE = "VPN drops every ten minutes";
const w = (key: string): string => word("en", key);

const palette = (page: Page): Locator => page.locator("dialog.palette");
const field = (page: Page): Locator => palette(page).getByRole("combobox");
const rows = (page: Page): Locator => palette(page).getByRole("option");
const row = (page: Page, words: string): Locator => rows(page).filter({ has: page.getByText(words, { exact: true }) }).first();
const group = (page: Page, key: string): Locator => palette(page).getByRole("group", { name: w(`palette.${key}`), exact: true });
const state = (page: Page): Locator => palette(page).locator(".palette-state");

async function open(page: Page, path: string): Promise<void> {
  await visit(page, path);
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
}

/** Goes to a row by the arrow; the field keeps the focus and names the row. */
async function mark(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  const most = await rows(page).count();
  for (let step = 0; step < most && (await wanted.getAttribute("aria-selected")) !== "true"; step++) {
    await page.keyboard.press("ArrowDown");
  }
  await expect(wanted).toHaveAttribute("aria-selected", "true");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await wanted.getAttribute("id")) ?? "none");
  await expect(field(page)).toBeFocused();
}

/** The words of some elements of the page, seen or not. */
const wordsOf = (page: Page, selector: string): Promise<string[]> =>
  page.locator(selector).evaluateAll((all) => all.map((one) => (one.querySelector(".rail-word, .cmd-word") ?? one).textContent?.trim() ?? ""));

test("t_lst_08 a number leads to its ticket, before the server has answered too", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await open(page, "/tickets");
  await page.keyboard.type("#1");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tickets\/1$/);
  await open(page, "/search");
  await page.keyboard.type("2");
  await mark(page, group(page, "found").getByRole("option").first());
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tickets\/2$/);
});

test("t_lst_08 a ticket, an article and a customer are found by words", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await open(page, "/tickets");
  await expect(field(page)).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.type("vpn every ten");
  await mark(page, row(page, TITLE));
  await expect(row(page, TITLE)).toContainText("#1");
  await expect(palette(page).getByRole("status")).toHaveText(pattern("en", "search.found"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tickets\/1$/);

  await open(page, "/");
  await page.keyboard.type("?vpn");
  const article = row(page, "VPN: connect and stay connected");
  await mark(page, article);
  await expect(row(page, TITLE)).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/knowledge\/[^/]+$/);

  await open(page, "/tickets/1");
  await page.keyboard.type("northwind");
  await mark(page, row(page, "Northwind Foods"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/customers\/[^/]+$/);
});

test("t_lst_08 places and commands of the page are there with the same words", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await open(page, "/tickets/1");
  const here = await group(page, "this_ticket").locator(".palette-word").allTextContents();
  const menu = await wordsOf(page, "#pop-more .menu-list :is(a, button)");
  expect(menu.length).toBeGreaterThan(0);
  for (const one of [...menu, ...(await wordsOf(page, ".ticket-actions > a"))]) expect(here, one).toContain(one);
  const places = await palette(page).locator(".palette-word").allTextContents();
  // The second way to the list is the same place.
  const rail = await wordsOf(page, ".shell-rail > ul a");
  expect(rail.length).toBeGreaterThan(5);
  for (const one of rail) expect(places, one).toContain(one);
  await expect(group(page, "create")).toContainText(w("shell.create_ticket"));
  await expect(group(page, "this_ticket").getByRole("option").filter({ hasText: w("tickets.history") }).locator("kbd")).toHaveText("H");
  // Nobody is offered what the page does not offer him.
  await expect(row(page, w("shell.settings"))).toHaveCount(0);
});

test("t_lst_08 a command does what its door does", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await open(page, "/tickets/1");
  await page.keyboard.type(`>${w("tickets.history")}`);
  await mark(page, group(page, "this_ticket").getByRole("option").first());
  await page.keyboard.press("Enter");
  await expect(page.locator("dialog.drawer ol.history").first()).toBeVisible();
  await expect(palette(page)).toHaveCount(0);

  await open(page, "/tickets/1");
  await page.keyboard.type(`>${w("tickets.write_an_occurrence")}`);
  await page.keyboard.press("Enter");
  await expect(page.locator("details#dock")).toHaveAttribute("open", /.*/);
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest("#dock") !== null)).toBe(true);

  await open(page, "/tickets");
  await page.keyboard.type("knowledge");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/knowledge$/);
});

test("t_lst_08 Ctrl+Enter opens another tab", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await open(page, "/tickets");
  await page.keyboard.type("vpn every ten");
  await mark(page, row(page, TITLE));
  const [tab] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("Control+Enter")]);
  await expect(tab).toHaveURL(/\/tickets\/1$/);
  await expect(page).toHaveURL(/\/tickets$/);
  await expect(palette(page)).toHaveCount(0);
});

test("t_lst_08 Esc, and the same keys again, give the focus back", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/tickets/1");
  const search = page.locator("#search");
  await search.focus();
  for (const key of ["Escape", "Control+k"]) {
    await page.keyboard.press("Control+k");
    await expect(field(page)).toBeFocused();
    await page.keyboard.press(key);
    await expect(palette(page)).toHaveCount(0);
    await expect(search).toBeFocused();
  }
  const link = page.locator("a[data-palette]");
  await link.click();
  await expect(field(page)).toBeFocused();
  await palette(page).getByRole("button", { name: w("common.panel_close") }).click();
  await expect(link).toBeFocused();
  await expect(page).toHaveURL(/\/tickets\/1$/);
});

test("t_lst_08 words that nothing has begin a ticket", SCRIPTS, async ({ as, ownServer }) => {
  const text = unique("quincunx");
  // Nobody has begun a ticket there.
  const page = await as("tech1", await ownServer());
  await open(page, "/tickets");
  await page.keyboard.type(text);
  await expect(state(page)).toHaveText(word("en", "search.nothing", { q: text }));
  await expect(palette(page).getByRole("status")).toHaveText(word("en", "search.nothing", { q: text }));
  await mark(page, row(page, w("search.create_with")));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tickets\/new\?title=/);
  await expect(page.locator('#new-ticket [name="form[title]"]')).toHaveValue(text);
});

test("t_lst_08 who may create nothing is offered nothing to create", SCRIPTS, async ({ page, signIn }) => {
  const text = unique("quincunx");
  await signIn(page, "observer1");
  await open(page, "/tickets");
  await expect(group(page, "go_to")).toBeVisible();
  await expect(group(page, "create")).toHaveCount(0);
  await page.keyboard.type(text);
  await expect(state(page)).toHaveText(word("en", "search.nothing", { q: text }));
  await expect(rows(page)).toHaveCount(0);
  await expect(field(page)).toHaveAttribute("aria-expanded", "false");
});

test("t_lst_08 a search that fails says so, and the places stay", SCRIPTS, async ({ page, signIn, guard }) => {
  guard.allow(/Failed to load resource/);
  await signIn(page, "tech1");
  await page.route("**/search/options*", (route) => route.abort());
  await open(page, "/tickets");
  await page.keyboard.type("knowledge");
  await expect(state(page)).toHaveText(w("chooser.search_failed"));
  await mark(page, row(page, w("shell.knowledge")));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/knowledge$/);
});

test("t_lst_08 accents need not be typed, and the words are the reader's", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech2");
  await open(page, "/tickets");
  await expect(palette(page).getByRole("group", { name: word("pt-BR", "palette.go_to"), exact: true })).toBeVisible();
  await page.keyboard.type("notificacoes");
  await mark(page, row(page, word("pt-BR", "shell.notifications")));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/notifications$/);
});

test("t_lst_08 pages of requesters have no palette, and its answers are not for them", async ({ page, signIn }) => {
  await signIn(page, "requester1");
  await visit(page, "/requests");
  await page.keyboard.press("Control+k");
  await expect(page.locator("a[data-palette], dialog.palette, html[data-palette-words]")).toHaveCount(0);
  for (const q of ["VPN", "%231", "28"]) {
    const answer = await page.request.get(`/search/options?q=${q}`);
    expect(answer.status(), q).toBe(404);
    expect(await answer.text(), q).not.toContain("VPN drops");
  }
});

test("t_lst_08 without scripts its link leads to the search", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/tickets/1");
  await page.locator("a[data-palette]").click();
  await expect(page).toHaveURL(/\/search$/);
});

test("t_lst_08 the palette is clean, light and dark, and fits narrow pages", SCRIPTS, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  for (const path of ["/tickets/1", "/search"]) {
    await open(page, path);
    expect.soft(await violations(page), path).toEqual([]);
    await page.keyboard.type("vpn");
    await expect(row(page, TITLE)).toBeVisible();
    expect.soft(await violations(page), `${path} found`).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    expect.soft(await violations(page, "colours"), `${path} dark`).toEqual([]);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  }
  const size = page.viewportSize();
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 640 });
    const box = await palette(page).boundingBox();
    expect(box?.x, `${width}`).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? Infinity), `${width}`).toBeLessThanOrEqual(width);
    expect((box?.y ?? 0) + (box?.height ?? Infinity), `${width}`).toBeLessThanOrEqual(640);
    const wider = await palette(page).getByRole("listbox").evaluate((list) => list.scrollWidth - list.clientWidth);
    expect(wider, `sideways at ${width}`).toBeLessThanOrEqual(0);
  }
  if (size) await page.setViewportSize(size);
});
