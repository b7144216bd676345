import type { Page } from "@playwright/test";
import { address, PASSWORD } from "../fixtures/server.ts";
import { expect, hydrated, test, visit } from "../fixtures/test.ts";
import { word } from "../fixtures/words.ts";

const form = (page: Page) => page.locator('form[action$="/sign_in"]');

async function signInWith(page: Page, email: string, password: string): Promise<void> {
  await form(page).locator('[name="form[email]"]').fill(email);
  await form(page).locator('[name="form[password]"]').fill(password);
  // The click counts until the next page begins: the password is checked before, slowly on purpose.
  await form(page).locator("button[type=submit]").last().click({ timeout: 30_000 });
}

test("an agent signs in and arrives at home", { tag: "@desktop" }, async ({ page }) => {
  await visit(page, "/sign-in");
  await signInWith(page, address("tech1"), PASSWORD);
  await expect(page).toHaveURL(/127\.0\.0\.1:\d+\/$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "shell.home"));
});

test("a requester signs in and arrives at the own requests", { tag: "@not-phone" }, async ({ page }) => {
  await visit(page, "/sign-in");
  await signInWith(page, address("requester1"), PASSWORD);
  await expect(page).toHaveURL(/\/requests$/);
  await expect(page.locator('a[href="/requests/1"]').first()).toBeVisible();
});

test("a wrong password and an unknown account get the same sentence, and no secret in the address", { tag: "@desktop" }, async ({ page, guard }) => {
  guard.allowStatus(401);
  const sentence = word("en", "errors.invalid_credentials");
  for (const [email, password] of [
    [address("tech1"), "not-the-password"],
    [address("nobody"), PASSWORD],
  ] as const) {
    await visit(page, "/sign-in");
    await signInWith(page, email, password);
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    await expect(form(page).locator('[name="form[email]"]')).toHaveValue(email);
    for (const typed of [email, password]) expect(decodeURIComponent(page.url())).not.toContain(typed);
    expect((await page.context().cookies()).filter((cookie) => cookie.name === "guichet")).toEqual([]);
  }
});

test("whoever is sent to sign in comes back to the page asked for", { tag: "@not-phone" }, async ({ page }) => {
  await page.goto("/tickets/1/history");
  await page.waitForURL(/\/sign-in\?next=/);
  await signInWith(page, address("tech1"), PASSWORD);
  await page.waitForURL(/\/tickets\/1\/history$/);
  await expect(page.locator("ol.history").first()).toBeVisible();
});

test("a link to elsewhere is not followed after signing in", { tag: "@desktop" }, async ({ page, baseURL }) => {
  await visit(page, "/sign-in?next=https%3A%2F%2Fevil.example%2F");
  await signInWith(page, address("tech1"), PASSWORD);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "shell.home"));
  expect(new URL(page.url()).origin).toBe(baseURL);
});

test("signing out ends the session on the server", { tag: "@desktop" }, async ({ page }) => {
  await visit(page, "/sign-in");
  await signInWith(page, address("tech3"), PASSWORD);
  await expect(page).not.toHaveURL(/sign-in/);
  await hydrated(page);
  const cookies = await page.context().cookies();
  await page.locator('button[popovertarget="pop-me"]').click();
  await page.locator('#pop-me form[action$="/sign_out"] button').click();
  await expect(page).toHaveURL(/\/sign-in$/);
  // The cookie of before opens nothing any more.
  await page.context().addCookies(cookies);
  await page.goto("/tickets");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a password is shown and hidden again", { tag: "@scripts" }, async ({ page }) => {
  await visit(page, "/sign-in");
  const field = form(page).locator('[name="form[password]"]');
  await field.fill(PASSWORD);
  await form(page).getByRole("button", { name: word("en", "common.show"), exact: true }).click();
  await expect(field).toHaveAttribute("type", "text");
  await form(page).getByRole("button", { name: word("en", "common.hide"), exact: true }).click();
  await expect(field).toHaveAttribute("type", "password");
  await expect(field).toHaveValue(PASSWORD);
});

test("the language is chosen before signing in", { tag: "@not-phone" }, async ({ page }) => {
  await visit(page, "/sign-in");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.locator('nav.auth-foot button[value="fr"]').click();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("fr", "account.sign_in_title"));
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("the browser's language is respected", { tag: "@desktop" }, async ({ browser, baseURL, guard }) => {
  const context = await browser.newContext({ baseURL, locale: "pt-PT" });
  await guard.watch(context);
  const page = await context.newPage();
  await page.goto("/sign-in");
  await expect(page.locator("html")).toHaveAttribute("lang", "pt-BR");
  await context.close();
});
