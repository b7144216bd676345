// A sign-in that ends in the middle of writing: the page "Sign in" carries the text, and nothing is lost or sent.
import type { Page } from "@playwright/test";
import { address, PASSWORD } from "../fixtures/server.ts";
import { composer, entry, fill, openComposer, send, write, written } from "../fixtures/occurrences.ts";
import { expect, hydrated, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** Fills the page "Sign in" that carries a text. */
async function enter(page: Page, key: string, password = PASSWORD): Promise<void> {
  const form = page.locator('form[action="/sign-in"]');
  await form.locator('[name="form[email]"]').fill(address(key));
  await form.locator('[name="form[password]"]').fill(password);
  await form.locator("button[type=submit]").last().click();
}

// With scripts the page stays, and its text with it.
test("a text outlives the sign-in without scripts, and a wrong password", { tag: "@plain" }, async ({ page, signIn }) => {
  const text = unique("late");
  await signIn(page, "tech1");
  const form = await openComposer(page, 2);
  await fill(form, { text: `${text} </textarea>"&`, visibility: "private", minutes: "45" });
  await page.context().clearCookies();
  await send(form);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "account.sign_in_title"));
  await expect(page.locator("main")).toContainText(word("en", "errors.unauthenticated"));
  await enter(page, "tech1", "not-the-password");
  await expect(page.getByRole("alert")).toContainText(word("en", "errors.invalid_credentials"));
  await enter(page, "tech1");
  await expect(page).toHaveURL(/\/tickets\/2\?compose=occurrence&kept=1#dock$/);
  await expect(composer(page)).toContainText(word("en", "common.text_kept"));
  expect(await written(composer(page))).toBe(`${text} </textarea>"&`);
  await expect(composer(page).locator('[name="form[minutes]"]')).toHaveValue("45");
  await expect(composer(page).locator('[name="form[visibility]"][value="private"]')).toBeChecked();
  await expect(entry(page, text)).toHaveCount(0);
  await send(composer(page));
  await expect(entry(page, text)).toHaveCount(1);
});

// With scripts the page stays, and its text with it.
test("a new ticket outlives the sign-in without scripts", { tag: "@plain" }, async ({ page, signIn }) => {
  const text = unique("chair");
  await signIn(page, "tech1");
  await visit(page, "/tickets/new");
  const form = page.locator('form[action$="/create_ticket"]');
  await form.locator('[name="form[title]"]').fill(text);
  await write(form, `It wobbles ${text}`, "form[description]");
  await page.context().clearCookies();
  await form.locator("button.btn-primary[type=submit]").click();
  await enter(page, "tech1");
  await expect(page).toHaveURL(/\/tickets\/new\?kept=1$/);
  await expect(form.locator('[name="form[title]"]')).toHaveValue(text);
  expect(await written(form, "form[description]")).toBe(`It wobbles ${text}`);
  await form.locator("button.btn-primary[type=submit]").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(text);
});

test("a requester's note outlives the sign-in, with scripts and without", async ({ page, signIn, guard }) => {
  // The autosave of the page is told that nobody is signed in.
  guard.allowStatus(401);
  const text = unique("note");
  await signIn(page, "requester1");
  await visit(page, "/requests/1");
  await write(composer(page), text);
  await page.context().clearCookies();
  await composer(page).locator(".form-foot button[type=submit]").click();
  await expect(page.locator("main")).toContainText(word("en", "errors.unauthenticated"));
  await enter(page, "requester1");
  await expect(page).toHaveURL(/\/requests\/1\?kept=1#note-form$/);
  await hydrated(page);
  await expect(composer(page)).toContainText(word("en", "common.text_kept"));
  expect(await written(composer(page))).toContain(text);
  await expect(entry(page, text)).toHaveCount(0);
  await composer(page).locator(".form-foot button[type=submit]").click();
  await expect(entry(page, text)).toBeVisible();
});
