// Nothing typed is ever lost: not by a reload, not by signing out, not when the server dies.
import { address, PASSWORD } from "../fixtures/server.ts";
import { composer, openComposer, richEditor, write, written } from "../fixtures/occurrences.ts";
import { expect, hydrated, test, visit } from "../fixtures/test.ts";
import { pattern, unique } from "../fixtures/words.ts";

const SAVED = '.draft-state[data-state="saved"]';

test("a text survives a reload, and its form says that the draft is saved", { tag: "@desktop" }, async ({ page, signIn }) => {
  const text = unique("draft");
  await signIn(page, "tech1");
  let form = await openComposer(page, 2);
  await write(form, text);
  await form.locator('[name="form[minutes]"]').fill("45");
  await expect(form.locator(SAVED)).toContainText(pattern("en", "tickets.draft_saved"));
  await page.reload();
  await hydrated(page);
  form = await openComposer(page, 2);
  expect(await written(form)).toContain(text);
  await expect(form.locator('[name="form[minutes]"]')).toHaveValue("45");
  await visit(page, "/drafts");
  await expect(page.locator("main")).toContainText(text);
  await page.locator('main a[href^="/tickets/2"]').first().click();
  await expect(page).toHaveURL(/\/tickets\/2\?compose=occurrence/);
});

test("a text survives signing out and in again", { tag: "@desktop" }, async ({ page, signIn }) => {
  const text = unique("draft");
  await signIn(page, "tech3");
  const form = await openComposer(page, 31);
  await write(form, text);
  await expect(form.locator(SAVED)).toBeVisible();
  // Another session, as on another device: the text comes from the server.
  await page.evaluate(() => localStorage.clear());
  await page.context().clearCookies();
  await page.goto("/tickets/31?compose=occurrence");
  await expect(page).toHaveURL(/\/sign-in/);
  await hydrated(page);
  await page.locator('[name="form[email]"]').fill(address("tech3"));
  await page.locator('[name="form[password]"]').fill(PASSWORD);
  await page.locator('form[action$="/sign_in"] button[type=submit]').last().click();
  await expect(page).toHaveURL(/\/tickets\/31/);
  await hydrated(page);
  expect(await written(composer(page))).toContain(text);
});

test("a text survives a killed server, saved before or typed while it was away", { tag: "@desktop" }, async ({ as, ownServer, guard }) => {
  guard.allow(/ERR_/, /Failed to (load resource|fetch)/, /NetworkError/);
  const server = await ownServer();
  const page = await as("tech1", server);
  const [before, meanwhile] = [unique("before"), unique("meanwhile")];
  let form = await openComposer(page, 1);
  await write(form, before);
  await expect(form.locator(SAVED)).toBeVisible();
  await server.kill();
  await (await richEditor(form)).fill(`${before} ${meanwhile}`);
  await expect(form.locator('.draft-state[data-state="local"]')).toContainText(pattern("en", "tickets.draft_local"));
  await server.restart();
  form = await openComposer(page, 1);
  await expect.poll(() => written(form)).toContain(meanwhile);
  expect(await written(form)).toContain(before);
  await expect(form.locator(SAVED)).toBeVisible();
});

test("a requester's note survives a reload", async ({ page, signIn }) => {
  const text = unique("note");
  await signIn(page, "requester1");
  await visit(page, "/requests/2");
  const form = composer(page);
  await write(form, text);
  await expect(form.locator(".draft-state")).toContainText(pattern("en", "requests.draft_saved"));
  await page.reload();
  await hydrated(page);
  expect(await written(composer(page))).toContain(text);
});

test("t_drf_02 a message that was begun survives a reload", async ({ page, signIn }) => {
  const text = unique("message");
  await signIn(page, "requester1");
  await visit(page, "/requests/1/messages");
  const form = page.locator("#message-form");
  await form.locator('[name="form[text]"]').fill(text);
  await expect(form.locator("[data-draft-state]")).toContainText(pattern("en", "requests.draft_saved"));
  await page.reload();
  await hydrated(page);
  await expect(form.locator('[name="form[text]"]')).toHaveValue(text);
});

test("a draft that is thrown away does not come back", { tag: "@desktop" }, async ({ page, signIn }) => {
  const text = unique("away");
  await signIn(page, "tech1");
  const form = await openComposer(page, 30);
  await write(form, text);
  await form.locator(`${SAVED} button`).click();
  await expect(form.locator(SAVED)).toHaveCount(0);
  await visit(page, "/tickets/30?compose=occurrence");
  expect(await written(composer(page))).not.toContain(text);
});
