// What agents do all day can be done by keys alone.
import { composer, entry, richEditor } from "../fixtures/occurrences.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique } from "../fixtures/words.ts";

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/tickets/2");
});

test("N opens the form, Ctrl+Enter posts it", async ({ page }) => {
  const text = unique("keys");
  await page.keyboard.press("n");
  await expect(page.locator("details#dock")).toHaveAttribute("open", /.*/);
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest("#dock") !== null)).toBe(true);
  const editor = await richEditor(composer(page));
  await editor.focus();
  await page.keyboard.type(text);
  await page.keyboard.press("Control+Enter");
  await expect(entry(page, text)).toHaveCount(1);
});

test("letters belong to whoever is typing", async ({ page }) => {
  await page.locator("#search").focus();
  await page.keyboard.type("nh");
  await expect(page.locator("#search")).toHaveValue("nh");
  await expect(page.locator("details#dock")).not.toHaveAttribute("open", /.*/);
});

test("Esc folds the form and keeps its text", async ({ page }) => {
  const text = unique("folded");
  await page.keyboard.press("n");
  const editor = await richEditor(composer(page));
  await editor.focus();
  await page.keyboard.type(text);
  await page.keyboard.press("Escape");
  await expect(page.locator("details#dock")).not.toHaveAttribute("open", /.*/);
  await expect(page.locator("#dock > summary")).toBeFocused();
  await page.keyboard.press("n");
  await expect(editor).toContainText(text);
});

test("/ searches, H shows the history", async ({ page }) => {
  await page.keyboard.press("/");
  await expect(page.locator("#search")).toBeFocused();
  await page.keyboard.type("VPN");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=VPN/);
  await visit(page, "/tickets/2");
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/tickets\/2\?panel=history$/);
  await expect(page.locator("dialog.drawer ol.history").first()).toBeVisible();
});

test("Tab leaves the editor", async ({ page }) => {
  await page.keyboard.press("n");
  const editor = await richEditor(composer(page));
  await editor.focus();
  await page.keyboard.press("Tab");
  await expect(editor).not.toBeFocused();
});

test("the first Tab leads to the skip links", async ({ page }) => {
  await page.keyboard.press("Tab");
  await expect(page.locator(".skip-links a").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main#main")).toBeFocused();
});
