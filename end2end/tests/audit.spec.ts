// Administration that others look after: a calendar is made and chosen, the audit log tells of it and is taken along; a ticket
// is printed without its private entries; Home leads to its lists.
import { expect, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

test("t_set_12 a calendar is made, chosen, and told to the audit log", { tag: "@plain" }, async ({ as, ownServer }) => {
  test.slow();
  const page = await as("admin", await ownServer());
  const name = unique("office");
  await visit(page, "/settings/lists/calendars");
  await page.locator('[name="form[names][en]"]').fill(name);
  await page.locator("#form-week-0").fill("9 to 5");
  await page.locator("#row-form button[type=submit]").click();
  await expect(page.locator("#form-week-0-error")).toHaveText(word("en", "lists_admin.wrong_hours"));
  await page.locator("#form-week-0").fill("08:00-12:00");
  await page.locator("#row-form button[type=submit]").click();
  await expect(page.locator(".list-table tbody tr").filter({ hasText: name })).toHaveCount(1);
  await visit(page, "/audit");
  const row = page.locator(".audit-table tbody tr").first();
  await expect(row).toContainText(word("en", "audit.list_row_changed"));
  await expect(row).toContainText(name);
  await page.locator("#audit-kind").selectOption("ticket_purged");
  await page.locator(".filter-bar button[type=submit]").click();
  await expect(page.locator(".audit-table")).toHaveCount(0);
});

test("t_lst_09 a ticket is printed without its private entries", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "supervisor1");
  await visit(page, "/tickets/1/print");
  await expect(page.locator(".timeline .entry").first()).toBeVisible();
  await expect(page.locator(".timeline .private")).toHaveCount(0);
  await page.getByRole("link", { name: word("en", "history.print_private") }).click();
  await expect(page).toHaveURL(/private=1/);
});

test("home leads to its lists", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "supervisor1");
  await visit(page, "/");
  await page.locator(".home-tile").filter({ hasText: word("en", "shell.unassigned") }).click();
  await expect(page).toHaveURL(/assignee=none/);
});
