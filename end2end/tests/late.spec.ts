// Forms without a draft, posted after the session has ended: who signs in again finds what he typed, and nobody else does.
import type { Page } from "@playwright/test";
import { address, PASSWORD } from "../fixtures/server.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

const form = (page: Page) => page.locator('form[action$="/save_profile"]');
const signature = (page: Page) => form(page).locator('[name="form[signature]"]');
const save = (page: Page) => form(page).locator("button[type=submit]").click();

/** Fills the page "Sign in". */
async function enter(page: Page, key: string): Promise<void> {
  const signIn = page.locator('form[action$="/sign_in"]');
  await signIn.locator('[name="form[email]"]').fill(address(key));
  await signIn.locator('[name="form[password]"]').fill(PASSWORD);
  // The password is checked before the next page begins, slowly on purpose.
  await signIn.locator("button[type=submit]").last().click({ timeout: 30_000 });
}

test("a form without a draft outlives its session, for its writer alone", async ({ as, ownServer }) => {
  const server = await ownServer();
  const text = unique("late");
  const page = await as("tech1", server);
  await visit(page, "/profile");
  await signature(page).fill(text);

  await test.step("signed out from elsewhere", async () => {
    const other = await as("tech1", server);
    await other.context().clearCookies();
    await visit(other, "/sign-in?next=%2Fprofile");
    await enter(other, "tech1");
    await expect(other).toHaveURL(/\/profile$/);
    await other.getByRole("button", { name: word("en", "account.sign_out_others") }).click();
    await expect(other).toHaveURL(/saved=devices/);
  });

  await save(page);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  const signIn = page.url();
  expect(decodeURIComponent(signIn)).not.toContain(text);

  await test.step("somebody else signs in", async () => {
    await enter(page, "tech2");
    await expect(page).toHaveURL(/\/profile\?/);
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(signature(page)).not.toHaveValue(text);
    await expect(page.locator("body")).not.toContainText(text);
    await page.context().clearCookies({ name: "guichet" });
  });

  await page.goto(signIn);
  await enter(page, "tech1");
  await expect(page).toHaveURL(/\/profile\?/);
  await expect(page.getByRole("alert")).toContainText(word("en", "common.text_kept"));
  await expect(signature(page)).toHaveValue(text);
  await save(page);
  await expect(page).toHaveURL(/saved=profile/);
  await expect(signature(page)).toHaveValue(text);
});

test("where the server does not know whose a form was, the tab keeps it for its writer", { tag: "@scripts" }, async ({ as, ownServer }) => {
  const server = await ownServer();
  const text = unique("late");
  for (const [key, lang, finds] of [
    ["tech2", "pt-BR", false],
    ["tech1", "en", true],
  ] as const) {
    const page = await as("tech1", server);
    await visit(page, "/profile");
    await signature(page).fill(text);
    await page.context().clearCookies();
    await save(page);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await enter(page, key);
    await expect(page).toHaveURL(/\/profile\?/);
    await expect(page.getByRole("alert")).toContainText(word(lang, "errors.not_sent"));
    if (finds) await expect(signature(page)).toHaveValue(text);
    else await expect(signature(page)).not.toHaveValue(text);
  }
});
