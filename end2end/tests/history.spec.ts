// The history of a ticket: a page without scripts, a drawer with them, a file to take along.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { note } from "../fixtures/desk.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** Opens the history from its ticket; answers what holds it. */
async function openHistory(page: Page, place: string): Promise<Locator> {
  await visit(page, place);
  await page.locator(`a[href="${place}/history"]`).first().click();
  const shown = hasScripts() ? page.locator("dialog.drawer") : page.locator("main");
  await expect(shown.locator("ol.history").first()).toBeVisible();
  return shown;
}

/** A file that a link gives. */
async function download(page: Page, link: Locator): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFile(await file.path(), "utf8");
}

test("filters are in the address and private rows are marked", { tag: "@plain" }, async ({ page, server, signIn }) => {
  await signIn(page, "tech1");
  const [secret, open] = [unique("segredo"), unique("aberto")];
  await note(server, "tech1", 1, { text: `Note ${secret}`, visibility: "private" });
  await note(server, "tech1", 1, { text: `Note ${open}`, visibility: "public" });
  await visit(page, "/tickets/1/history");
  await expect(page.locator(".back-link")).toContainText("#1 ");
  const row = page.locator("ol.history > li").filter({ hasText: secret });
  await expect(row).toHaveClass(/(^| )private( |$)/);
  await expect(row.locator(".private-mark")).toContainText(word("en", "common.private"));
  await page.locator("#history-text").fill(open);
  await page.locator("#history-text").press("Enter");
  await expect(page).toHaveURL(new RegExp(`[?&]text=${open}`));
  await expect(page.locator("ol.history > li")).toHaveCount(1);
  await page.locator("#history-person").selectOption({ label: "Tom Silva" });
  await page.locator("form.filter-bar button[type=submit]").click();
  await expect(page).toHaveURL(/[?&]person=/);
  await expect(page.locator("ol.history > li")).toHaveCount(1);
  await page.locator("ol.history > li a.history-link").first().click();
  await expect(page.locator("article.entry").filter({ hasText: open })).toBeVisible();
});

test("a wrong date is told at its field", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/tickets/1/history?from=yesterday");
  await expect(page.locator("#history-from-error")).toContainText(word("en", "errors.invalid"));
  await expect(page.locator("ol.history")).toHaveCount(0);
});

test("the file holds what the page shows, for each side", { tag: "@plain" }, async ({ page, server, signIn, as }) => {
  await signIn(page, "tech1");
  const [secret, open] = [unique("segredo"), unique("aberto")];
  await note(server, "tech1", 1, { text: `Note ${secret}`, visibility: "private" });
  await note(server, "tech1", 1, { text: `=1+1 ${open}`, visibility: "public" });
  await visit(page, `/tickets/1/history?text=${open}`);
  const link = (of: Page, place: string) => of.locator(`a[href^="${place}/history.csv"]`);
  const narrow = await download(page, link(page, "/tickets/1"));
  expect(narrow.startsWith("\ufeffDate and time,")).toBe(true);
  expect(narrow.split("\r\n")).toHaveLength(3);
  expect(narrow).toContain(`,'=1+1 ${open},`);
  await visit(page, "/tickets/1/history");
  expect(await download(page, link(page, "/tickets/1"))).toContain(secret);
  const requester = await as("requester1");
  await visit(requester, "/requests/1/history");
  const theirs = await download(requester, link(requester, "/requests/1"));
  expect(theirs).toContain(open);
  expect(theirs).not.toContain(secret);
});

test("what is printed is public at first", { tag: "@plain" }, async ({ page, server, signIn }) => {
  await signIn(page, "tech1");
  const secret = unique("segredo");
  await note(server, "tech1", 1, { text: `Note ${secret}`, visibility: "private" });
  await visit(page, "/tickets/1/history");
  await page.locator('a[href$="print=1"]').click();
  await expect(page).toHaveURL(/print=1/);
  await expect(page.locator("ol.history").first()).toBeVisible();
  await expect(page.locator("main")).not.toContainText(secret);
  await page.getByRole("link", { name: word("en", "history.print_private") }).click();
  await expect(page.locator("ol.history > li.private").filter({ hasText: secret })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".filter-bar").first()).toBeHidden();
  await expect(page.locator("dl.props")).toBeVisible();
});

for (const [who, place] of [
  ["tech1", "/tickets/1"],
  ["requester1", "/requests/1"],
] as const) {
  test(`the history opens beside ${place} and gives the focus back`, async ({ page, signIn }) => {
    await signIn(page, who);
    const shown = await openHistory(page, place);
    if (!hasScripts()) {
      await expect(page).toHaveURL(new RegExp(`${place}/history$`));
      return;
    }
    await expect(page).toHaveURL(new RegExp(`${place}\\?panel=history$`));
    await expect(shown.getByRole("heading", { name: word("en", "tickets.history") }).first()).toBeFocused();
    // The form stays in the drawer.
    await shown.locator("#history-text").fill("zzzznothing");
    await shown.locator("#history-text").press("Enter");
    await expect(shown.locator("ol.history")).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`${place}\\?panel=history$`));
    await page.keyboard.press("Escape");
    await expect(shown).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`${place}$`));
    await expect(page.locator(`a[href="${place}/history"]`).first()).toBeFocused();
    await page.goForward();
    await expect(shown.locator("ol.history").first()).toBeVisible();
    await page.goBack();
    await expect(shown).toHaveCount(0);
    // An address of its own: it opens with the page.
    await visit(page, `${place}?panel=history`);
    await expect(shown.locator("ol.history").first()).toBeVisible();
    await shown.getByRole("button", { name: word("en", "common.panel_close") }).click();
    await expect(shown).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`${place}$`));
  });
}

test("a row of the drawer leads to its entry", async ({ page, server, signIn }) => {
  await signIn(page, "tech1");
  const text = unique("linked");
  await note(server, "tech1", 1, { text, visibility: "public" });
  const shown = await openHistory(page, "/tickets/1");
  await shown.locator("li").filter({ hasText: text }).locator("a.history-link").first().click();
  await expect(page.locator("dialog.drawer")).toHaveCount(0);
  await expect(page.locator("article.entry").filter({ hasText: text })).toBeVisible();
});
