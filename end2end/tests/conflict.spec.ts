// Two people change the same field: the second one sees both values and chooses. Different fields just merge.
// A priority is set by supervisors and administrators only.
import type { Page } from "@playwright/test";
import { expect, test, visit } from "../fixtures/test.ts";
import { word } from "../fixtures/words.ts";

const facts = (page: Page) => page.locator(".ticket-facts");
const choice = (page: Page) => page.locator('form[action$="/update_ticket"]:has([name="form[keep_mine]"])');

async function setPriority(page: Page, level: number): Promise<void> {
  await page.locator('button[popovertarget="pop-priority"]').click();
  await page.locator(`#pop-priority button[value="${level}"]`).click();
}

test("the second of two changes to one field is asked and may keep its own", async ({ as, guard }) => {
  guard.allowStatus(409);
  const [first, second] = [await as("admin"), await as("supervisor1")];
  await visit(first, "/tickets/40");
  await visit(second, "/tickets/40");
  await setPriority(first, 5);
  await expect(facts(first).locator('.fact .priority[data-level="5"]').first()).toBeVisible();
  await setPriority(second, 2);
  await expect(choice(second)).toContainText(word("en", "common.priority_5"));
  await expect(choice(second)).toContainText(word("en", "common.priority_2"));
  await expect(choice(second)).toContainText("Ines Duarte");
  await choice(second).locator("button.btn-primary[type=submit]").click();
  await expect(choice(second)).toHaveCount(0);
  await expect(facts(second).locator('.fact .priority[data-level="2"]').first()).toBeVisible();
  await visit(first, "/tickets/40");
  await expect(facts(first).locator('.fact .priority[data-level="2"]').first()).toBeVisible();
});

test("changes to different fields merge", async ({ as }) => {
  const [first, second] = [await as("admin"), await as("supervisor1")];
  await visit(first, "/tickets/46");
  await visit(second, "/tickets/46");
  await setPriority(first, 4);
  await expect(facts(first).locator('.fact .priority[data-level="4"]').first()).toBeVisible();
  await second.locator('button[popovertarget="edit-title"]').click();
  await second.locator("#value-title").fill("Shared mailbox, renamed");
  await second.locator("#edit-title button[type=submit]").click();
  await expect(second.getByRole("heading", { level: 1 })).toContainText("Shared mailbox, renamed");
  await expect(facts(second).locator('.fact .priority[data-level="4"]').first()).toBeVisible();
});
