// Validations: asked on the ticket, found under "To validate", answered, seen by the team. Documents and numbers beside them.
import type { Page } from "@playwright/test";
import { expect, seesNothing, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva; each test has a desk of its own. */
const TICKET = 1;

/** Asks the supervisor for his agreement, who is named by his address. */
async function ask(page: Page, comment: string): Promise<void> {
  await visit(page, `/tickets/${TICKET}/validations`);
  const form = page.locator("form#ask");
  await form.locator('[name="form[comment]"]').fill(comment);
  await form.locator('textarea[name="form[targets][]"]').fill("supervisor1@demo.guichet.test");
  await form.locator(".form-foot button[type=submit]").click();
  await expect(page).toHaveURL(/done=asked/);
  await expect(page.locator("article.validation").filter({ hasText: comment })).toContainText(word("en", "validations.waiting"));
}

test("t_val an agent asks, the one who is asked refuses with words, the agent asks again", async ({ as, guard, ownServer }) => {
  test.slow();
  const [question, reason] = [unique("question"), unique("reason")];
  const desk = await ownServer();
  const agent = await as("tech1", desk);
  const approver = await as("supervisor1", desk);
  await ask(agent, question);

  await visit(approver, "/approvals");
  await expect(approver.getByRole("heading", { level: 1 })).toHaveText(word("en", "validations.approvals"));
  await approver.locator("a.request-title").first().click();
  await expect(approver.locator("article.validation")).toContainText(question);
  const answer = approver.locator("form#answer");
  await answer.getByRole("button", { name: word("en", "validations.refuse") }).click();
  await expect(approver.locator(".error-summary")).toBeVisible();
  await approver.locator('form#answer [name="form[comment]"]').fill(reason);
  await approver.locator("form#answer").getByRole("button", { name: word("en", "validations.refuse") }).click();
  await expect(approver).toHaveURL(/done=answered/);
  await expect(approver.locator("article.validation")).toContainText(reason);
  await expect(approver.locator("form#answer")).toHaveCount(0);

  await visit(agent, `/tickets/${TICKET}/validations`);
  const refused = agent.locator("article.validation").filter({ hasText: reason });
  await expect(refused).toContainText(word("en", "validations.refused"));
  await refused.getByRole("button", { name: word("en", "validations.ask_again") }).click();
  await expect(agent).toHaveURL(/done=again/);
  await expect(agent.locator("article.validation").first()).toContainText(word("en", "validations.waiting"));

  const requester = await as("requester1", desk);
  await seesNothing(requester, guard, `/tickets/${TICKET}/validations`);
});

test("t_stt the dashboard shows numbers, narrows them and gives them as a file", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "supervisor1");
  await visit(page, "/reports");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "reports.title"));
  await expect(page.locator("section[aria-labelledby=backlog] table")).toBeVisible();
  await page.locator('input[name="person"]').check();
  await page.locator("main form button[type=submit]").click();
  await expect(page).toHaveURL(/person=me/);
  const file = await page.request.get("/reports.csv");
  expect(file.status()).toBe(200);
  expect(await file.text()).toContain(word("en", "reports.backlog"));
});

test("t_stt a ticket shows how long it took, as a picture and as numbers", { tag: "@plain" }, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, `/tickets/${TICKET}/statistics`);
  await expect(page.locator("svg.chart-phases")).toBeVisible();
  await expect(page.locator("section[aria-labelledby=life] table")).toContainText(word("en", "reports.phase_working"));
});
