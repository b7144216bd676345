// Several tickets at once: marked in the list, done on a page of its own, each with what became of it (T-BLK-01).
import { solution } from "../fixtures/desk.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";
import type { Page } from "@playwright/test";

/** Open tickets; each test has a desk of its own. */
const TICKETS = [1, 2, 60] as const;
const LIST = "/tickets?status=all&limit=100&sort=number";

const box = (page: Page, number: number) => page.locator(`.row-check input[value="${number}"]`);

test("t_blk_01 three tickets are solved at once, and the refused one says why", async ({ as, ownServer }) => {
  const desk = await ownServer();
  const agent = await as("tech1", desk);
  const text = unique("solved together");
  const [first, second, third] = TICKETS;

  await test.step("rows are marked in the list", async () => {
    await visit(agent, LIST);
    await expect(agent.locator("form.bulk-bar")).toBeHidden();
    for (const number of TICKETS) {
      await expect(box(agent, number)).toHaveAccessibleName(new RegExp(`#${number} `));
      await box(agent, number).check();
    }
    await expect(agent.locator("form.bulk-bar")).toBeVisible();
    if (hasScripts(agent)) {
      await expect(agent.locator("[data-bulk-said]")).toHaveText(word("en", "bulk.selected", { n: 3 }));
      await expect(agent.locator("[data-bulk-count]")).toHaveText(word("en", "bulk.selected", { n: 3 }));
    } else {
      await expect(agent.locator("[data-bulk-all]")).toBeHidden();
    }
    await agent.locator('form.bulk-bar button[value="solve"]').click();
    await expect(agent).toHaveURL(/\/tickets\/bulk\?.*n=1.*action=solve/);
  });

  await test.step("an empty solution is refused for all of them", async () => {
    await agent.locator(".bulk-form .dialog-foot button.btn-primary").click();
    await expect(agent.getByRole("alert")).toBeVisible();
  });

  // Somebody else is faster with one of them.
  await solution(desk, "supervisor1", second, unique("sooner"));

  await test.step("each ticket says what became of it", async () => {
    await agent.locator('textarea[name="form[solution][body]"]').fill(text);
    await agent.locator(".bulk-form .dialog-foot button.btn-primary").click();
    await expect(agent).toHaveURL(/\/tickets\/bulk\?done=/);
    const result = (number: number) => agent.locator(`li[data-number="${number}"]`);
    await expect(result(first)).toHaveAttribute("data-result", "done");
    await expect(result(third)).toHaveAttribute("data-result", "done");
    await expect(result(second)).toHaveAttribute("data-result", "refused");
    await expect(result(second)).toContainText(word("en", "errors.already_solved"));
    await expect(agent.locator('.banner[data-tone="done"]')).toContainText(word("en", "bulk.done", { n: 2 }));
    // Looking once more does nothing once more.
    await agent.reload();
    await expect(result(first)).toHaveAttribute("data-result", "done");
  });

  await test.step("the refused one is tried again with what was typed", async () => {
    await agent.getByRole("link", { name: word("en", "bulk.again") }).click();
    await expect(agent.locator('textarea[name="form[solution][body]"]')).toHaveValue(text);
    await expect(agent.locator(".bulk-list > li")).toHaveCount(1);
  });

  await visit(agent, `/tickets/${first}`);
  await expect(agent.locator("main")).toContainText(text);
});

test("t_blk_01 all rows of a page are marked by one button", { tag: ["@scripts", "@desktop"] }, async ({ as, ownServer }) => {
  const agent = await as("tech1", await ownServer());
  await visit(agent, "/tickets?status=all&limit=25");
  const boxes = agent.locator(".row-check input");
  await boxes.first().check();
  const all = agent.locator("[data-bulk-all]");
  await all.click();
  await expect(agent.locator(".row-check input:checked")).toHaveCount(25);
  await expect(agent.locator("[data-bulk-said]")).toHaveText(word("en", "bulk.selected", { n: 25 }));
  await expect(all).toHaveText(word("en", "bulk.select_none"));
  await all.click();
  await expect(agent.locator("form.bulk-bar")).toBeHidden();
});
