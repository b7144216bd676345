// Settings: found by number, changed, inherited below, refused at the row, and for those who may only.
import type { Locator, Page } from "@playwright/test";
import { expect, seesNothing, test, visit } from "../fixtures/test.ts";
import { pattern, word } from "../fixtures/words.ts";

const row = (page: Page, key: string): Locator => page.locator(`#set-${key.replace(/\./g, "-")}`);
const save = (of: Locator): Locator => of.locator(".setting-control > button.btn").first();

/** Opens the page, for an entity by its name where one is given. */
async function open(page: Page, q: string, entity?: string): Promise<void> {
  await visit(page, `/settings?q=${encodeURIComponent(q)}`);
  if (!entity) return;
  const select = page.locator("#entity");
  const value = await select.locator("option", { hasText: entity }).first().getAttribute("value");
  await select.selectOption(value);
  await page.locator(".settings-find button[type=submit]").click();
  await expect(page.locator("#entity")).toHaveValue(value ?? "");
}

test("t_set a setting is found by its number and by its name", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "admin");
  await visit(page, "/settings");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "settings.title"));
  for (const q of ["298", "param 298", "portal.show_occurrences", word("en", "settings.portal_show_occurrences")]) {
    await page.locator("#settings-q").fill(q);
    await page.locator(".settings-find button[type=submit]").click();
    await expect(row(page, "portal.show_occurrences"), q).toBeVisible();
    await expect(row(page, "reopen_days"), q).toHaveCount(0);
  }
  await open(page, "zzzz");
  await expect(page.locator(".empty")).toContainText("zzzz");
});

test("t_set_01 a value is changed, inherited below, and given up", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("admin", await ownServer());
  await open(page, "171");
  const days = row(page, "reopen_days");
  await expect(days.locator(".setting-origin")).toContainText(word("en", "settings.origin_default"));
  await days.locator("input[name='form[value]']").fill("12");
  await save(days).click();
  await expect(days.locator(".setting-saved")).toBeVisible();
  await expect(days.locator("input[name='form[value]']")).toHaveValue("12");
  await expect(days.locator(".setting-origin")).toContainText(word("en", "settings.origin_own"));

  const entities = page.locator("#entity option");
  if ((await entities.count()) > 1) {
    await open(page, "171", (await entities.nth(1).textContent())?.trim());
    await expect(days.locator(".setting-origin")).toContainText(pattern("en", "settings.origin_inherited"));
    await expect(days.locator("input[name='form[value]']")).toHaveValue("12");
    await open(page, "171");
  }
  await days.locator(".setting-inherit").click();
  await expect(days.locator(".setting-origin")).toContainText(word("en", "settings.origin_default"));
  await expect(days.locator("input[name='form[value]']")).toHaveValue("7");
});

test("t_set a switch saves by one click", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("admin", await ownServer());
  await open(page, "302");
  const cancel = row(page, "portal.cancel").getByRole("switch");
  await expect(cancel).toHaveAttribute("aria-checked", "false");
  await cancel.click();
  await expect(cancel).toHaveAttribute("aria-checked", "true");
  await expect(cancel).toHaveAccessibleName(word("en", "settings.portal_cancel"));
});

test("t_set_04 a refused value is told at its row and stays there", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "admin");
  await open(page, "171");
  const days = row(page, "reopen_days");
  await days.locator("input[name='form[value]']").fill("400");
  await save(days).click();
  await expect(days.locator(".field-error")).toHaveText(word("en", "settings.wrong_number", { least: 0, most: 365 }));
  await expect(days.locator("input[name='form[value]']")).toHaveValue("400");
  await visit(page, "/settings?q=171");
  await expect(row(page, "reopen_days").locator("input[name='form[value]']")).toHaveValue("7");
});

test("m_trn_02 a test mail shows the steps and arrives", { tag: "@plain" }, async ({ as, ownServer, smtp }) => {
  const page = await as("admin", await ownServer({ smtp: smtp.url }));
  await visit(page, "/settings");
  const server = page.locator("#mail-server");
  await server.getByRole("button", { name: word("en", "settings.send_test") }).click();
  await expect(server.locator(".mail-steps > li")).toHaveCount(3, { timeout: 20_000 });
  await expect(server.locator(".mail-steps > li[data-ok='false']")).toHaveCount(0);
  await expect(server.locator(".mail-steps > li").last()).toContainText("250");
  expect(smtp.letters).toHaveLength(1);
});

test("m_trn_03 who may set the mail server is led there from the composer", async ({ page, signIn }) => {
  await signIn(page, "admin");
  await visit(page, "/tickets/1?compose=occurrence");
  const link = page.locator("#mail-about a");
  await expect(link).toHaveText(word("en", "tickets.mail_mend"));
  await link.click();
  await expect(page).toHaveURL(/\/settings\?entity=.*#mail-server$/);
  await expect(page.locator("#mail-server")).toBeVisible();
});

test("t_set_02 nobody else sees the settings", { tag: "@plain" }, async ({ page, signIn, guard }) => {
  for (const who of ["tech1", "supervisor1", "requester1"]) {
    await signIn(page, who);
    await seesNothing(page, guard, "/settings");
    await expect(page.locator('nav.shell-rail a[href="/settings"]')).toHaveCount(0);
  }
});
