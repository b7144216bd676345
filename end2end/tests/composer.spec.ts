// The form of an occurrence says what it will do before it is sent: who reads it, in the words of the choice.
import type { Locator } from "@playwright/test";
import { choose, composer, openComposer, richEditor } from "../fixtures/occurrences.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { word } from "../fixtures/words.ts";

test.beforeEach(async ({ page, signIn }) => signIn(page, "tech1"));

test("t_occ_03 the editor has its tools, and is a text area without scripts", async ({ page }) => {
  const form = await openComposer(page, 1);
  const area = form.locator('textarea[name="form[body]"]');
  if (!hasScripts()) {
    await expect(area).toBeVisible();
    return;
  }
  const editor = await richEditor(form);
  const tool = (name: string): Locator => form.locator(`.desk-editor-toolbar [data-tool="${name}"]`);
  const tools = [
    "bold", "italic", "strike", "link", "image", "heading_2", "heading_3", "quote", "code", "code_block", "bullet_list",
    "ordered_list", "outdent", "indent",
  ];
  for (const name of tools) await expect(tool(name), name).toHaveCount(1);
  await editor.fill("Cable replaced");
  await editor.press("ControlOrMeta+a");
  await tool("bold").click();
  await expect(editor.locator("strong")).toHaveText("Cable replaced");
});

// T-OCC-04
test("button and audience follow the chosen visibility", async ({ page }) => {
  const form = await openComposer(page, 1);
  const foot = form.locator(".composer-send");
  await choose(form, "private");
  await expect(foot.locator("button.btn-primary .when-private")).toBeVisible();
  await expect(foot.locator("button.btn-primary .when-public")).toBeHidden();
  await expect(foot.locator(".audience .when-private")).toBeVisible();
  await expect(foot.locator(".audience .when-public")).toBeHidden();
  await choose(form, "public");
  await expect(foot.locator("button.btn-primary .when-private")).toBeHidden();
  await expect(foot.locator("button.btn-primary .when-public")).toBeVisible();
  await expect(foot.locator(".audience .when-public")).toContainText("Ana Souza");
});

test("a reply names whom it answers and can be taken back", async ({ page }) => {
  await visit(page, "/tickets/1");
  const answered = page.locator("ol.timeline article.entry").filter({ hasText: "Gateway 2 renegotiates" });
  await answered.locator('a[href*="reply="]').first().click();
  await expect(page).toHaveURL(/reply=/);
  await expect(composer(page).locator('input[name="form[reply_to]"]')).toHaveCount(1);
  await expect(composer(page).locator(".composer-reply")).toContainText("Tom Silva");
  await expect(composer(page).locator('[name="form[visibility]"][value="private"]')).toBeChecked();
  await composer(page).locator(".composer-reply a").click();
  await expect(composer(page).locator('input[name="form[reply_to]"]')).toHaveCount(0);
});

test("the form is a page of its own, too", async ({ page }) => {
  await visit(page, "/tickets/1");
  await page.locator('.ticket-actions a[href="/tickets/1/note"]').click();
  await expect(page).toHaveURL(/\/tickets\/1\/note$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(word("en", "tickets.add_note"));
  await expect(composer(page)).toBeVisible();
});

test("files take one button beside the other facts, and a field of their own without scripts", async ({ page }) => {
  const form = await openComposer(page, 1);
  const zone = form.locator(".drop-zone");
  if (!hasScripts()) {
    await expect(zone.locator(".drop-limit")).toBeVisible();
    await expect(zone.locator('input[type="file"]')).toBeVisible();
    return;
  }
  await expect(zone.locator('input[type="file"]')).toHaveAccessibleName(word("en", "common.choose_files"));
  const [attach, minutes] = await Promise.all([zone.boundingBox(), form.locator("#form-minutes").boundingBox()]);
  expect(attach?.height).toBeLessThan(48);
  // In one line, attach first.
  expect(Math.abs((attach?.y ?? 0) - (minutes?.y ?? 0))).toBeLessThan(8);
  expect(attach?.x).toBeLessThan(minutes?.x ?? 0);
});
