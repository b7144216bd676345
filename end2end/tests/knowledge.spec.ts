// The knowledge base: an article is written, published and read in the portal; a ticket links it; it helps before a request is sent.
import type { Page } from "@playwright/test";
import { write } from "../fixtures/occurrences.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

const done = (page: Page) => page.locator('.banner[data-tone="done"]');
const press = (page: Page, key: string) => page.getByRole("button", { name: word("en", `knowledge.${key}`), exact: true }).first().click();

test("t_kno_01 an article is written for everybody, published, and read in the portal", { tag: "@desktop" }, async ({ as, ownServer }) => {
  const desk = await ownServer();
  const page = await as("tech1", desk);
  const title = unique("gateway");
  await visit(page, "/knowledge");
  await page.getByRole("link", { name: word("en", "knowledge.add") }).first().click();
  await page.locator("#form-title").fill(title);
  await write(page.locator("form.form"), "Choose the nearest gateway.", "form[body]");
  await page.locator('input[name="form[audience]"][value="public"]').check();
  await press(page, "save_draft");
  await expect(done(page)).toHaveText(word("en", "knowledge.done_saved"));
  const path = new URL(page.url()).pathname;

  const reader = await as("requester1", desk);
  await visit(reader, "/knowledge");
  await expect(reader.getByText(title)).toHaveCount(0);
  await press(page, "publish");
  await expect(done(page)).toHaveText(word("en", "knowledge.done_published"));
  await visit(reader, `/knowledge?q=${title}`);
  await reader.getByRole("link", { name: title }).click();
  await expect(reader.locator("[data-article]")).toContainText("Choose the nearest gateway.");
  await expect(reader.getByRole("link", { name: word("en", "knowledge.edit"), exact: true })).toHaveCount(0);

  await test.step("a change is a version, and the first comes back", async () => {
    await visit(page, `${path}/edit`);
    await page.locator("#form-title").fill(`${title} two`);
    await press(page, "save");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${title} two`);
    await visit(page, `${path}/versions?version=1`);
    await press(page, "go_back");
    await expect(done(page)).toHaveText(word("en", "knowledge.done_went_back"));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  });
});

test("t_kno_03 a ticket links an article, and its requester finds it", { tag: ["@desktop", "@plain"] }, async ({ as, ownServer }) => {
  const desk = await ownServer();
  const page = await as("tech1", desk);
  await visit(page, "/tickets/2/knowledge?q=Wi-Fi");
  await page.locator("li.article-row", { hasText: "Wi-Fi for guests and trainings" }).getByRole("button", { name: word("en", "knowledge.link"), exact: true }).click();
  await expect(done(page)).toHaveText(word("en", "knowledge.done_linked"));
  await expect(page.locator("section:has(#linked-articles)")).toContainText("Wi-Fi for guests and trainings");
  await press(page, "unlink");
  await expect(done(page)).toHaveText(word("en", "knowledge.done_unlinked"));
});

test("p_new_04 an article helps before a request is sent", { tag: "@pair" }, async ({ page, signIn }) => {
  await signIn(page, "requester1");
  await visit(page, "/requests/new");
  const title = page.locator('#new-request [name="form[title]"]');
  const hint = page.locator("#articles details", { hasText: "VPN: connect and stay connected" });
  // The scripts that ask may come behind the page: a word typed before is typed again.
  await expect(async () => {
    await title.fill("VPN");
    await title.fill("VPN drops every few minutes");
    if (!hasScripts()) await page.getByRole("button", { name: word("en", "requests.look_for_articles") }).click();
    await expect(hint).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await hint.locator("summary").click();
  await expect(hint).toContainText("choose another gateway");
  await expect(title).toHaveValue("VPN drops every few minutes");
});
