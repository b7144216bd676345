// Long texts, long timelines and long histories stay readable, with and without scripts.
import type { Locator } from "@playwright/test";
import { note } from "../fixtures/desk.ts";
import { entry } from "../fixtures/occurrences.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { unique, withoutAccents, word } from "../fixtures/words.ts";

/** A ticket of Tom Silva that no other spec writes in. */
const TICKET = 55;
/** Twelve lines and a little. */
const FOLDED = 320;

test.beforeEach(async ({ page, signIn }) => signIn(page, "tech1"));

const height = (made: Locator): Promise<number> => made.locator(".entry-body").evaluate((body) => body.clientHeight);

test("a long entry is folded until somebody wants it", async ({ page, server }) => {
  const first = unique("long");
  const text = `${first} ${"and so on ".repeat(300)}`.trim();
  const id = `occurrence-${await note(server, "tech1", TICKET, { text, visibility: "private" })}`;
  await visit(page, `/tickets/${TICKET}`);
  const made = entry(page, first);
  const opener = made.locator(".entry-more > summary");
  await expect(opener).toContainText(word("en", "common.show_all"));
  await expect.poll(() => height(made)).toBeLessThan(FOLDED);
  await opener.click();
  await expect(opener).toContainText(word("en", "common.show_less"));
  await expect.poll(() => height(made)).toBeGreaterThan(FOLDED);
  await opener.click();
  await expect.poll(() => height(made)).toBeLessThan(FOLDED);
  // A link to it shows it whole.
  await visit(page, `/tickets/${TICKET}?around=${id}#${id}`);
  await expect.poll(() => height(entry(page, first))).toBeGreaterThan(FOLDED);
  await expect(entry(page, first).locator(".entry-more")).toBeHidden();
  // A short one has nothing to fold.
  await visit(page, "/tickets/1");
  await expect(entry(page, "Good morning Ana").locator(".entry-more")).toHaveCount(0);
});

test("what is found is marked, inside a folded entry too, and can be stepped through", async ({ page, server }) => {
  const needle = unique("agulhão");
  const text = `${needle} ${"hay and more hay ".repeat(150)}${needle}`;
  await note(server, "tech1", TICKET, { text, visibility: "private" });
  await visit(page, `/tickets/${TICKET}?find=${withoutAccents(needle)}`);
  const marks = page.locator("ol.timeline mark");
  await expect(marks).toHaveText([needle, needle]);
  await expect.poll(() => height(entry(page, needle))).toBeGreaterThan(FOLDED);
  const next = page.locator('[data-find-step="1"]');
  if (!hasScripts()) {
    await expect(next).toBeHidden();
    return;
  }
  // The scripts of the page have looked at it.
  await expect(page.locator("nav.ticket-place")).toHaveAttribute("data-known", /.*/);
  const box = page.locator("input.stream-find");
  const place = page.locator("[data-find-place]");
  await box.press("Enter");
  await expect(place).toHaveText("1/2");
  await expect(marks.first()).toHaveAttribute("data-current", /.*/);
  await expect(marks.first()).toBeInViewport();
  await box.press("Enter");
  await expect(place).toHaveText("2/2");
  await expect(marks.last()).toBeInViewport();
  await next.click();
  await expect(place).toHaveText("1/2");
  await box.press("Shift+Enter");
  await expect(place).toHaveText("2/2");
  await expect(box).toBeFocused();
  // Other words are a question, not a step.
  await box.fill("zzzznothing");
  await box.press("Enter");
  await expect(page).toHaveURL(/find=zzzznothing/);
  await expect(marks).toHaveCount(0);
  await expect(next).toBeHidden();
});

test("further entries are added to the page, or are a page of their own without scripts", async ({ page }) => {
  const first = entry(page, "Good morning Ana");
  const all = page.locator("ol.timeline article.entry:not(.entry-description)");
  await visit(page, "/tickets/1?order=asc&limit=2");
  await expect(all).toHaveCount(2);
  await expect(first).toBeVisible();
  await page.locator("ol.timeline .news a").click();
  if (hasScripts()) {
    await expect(page).toHaveURL(/limit=4/);
    await expect(all).toHaveCount(4);
    await expect(first).toHaveCount(1);
  } else {
    await expect(page).toHaveURL(/cursor=/);
    await expect(entry(page, "Gateway 2 renegotiates")).toBeVisible();
    await expect(first).toHaveCount(0);
  }
});

test("the history tells two changes of one event apart", async ({ page }) => {
  await visit(page, "/tickets/27/history");
  const changes = ["Tom Silva", "Facilities"].map((name) => word("en", "tickets.change_assigned", { name }));
  await expect(page.locator("ol.history > li").filter({ hasText: "Facilities" }).first()).toContainText(changes.join(" · "));
});
