// Validations: asked on the ticket, found under "To validate", answered, seen by the team. Documents and numbers beside them.
import type { Locator, Page } from "@playwright/test";
import { note } from "../fixtures/desk.ts";
import { entry } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
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

/** Who wrote an entry of the timeline, as what, and that it was now. */
async function says(made: Locator, author: string, kind: string): Promise<void> {
  await expect(made.locator(".entry-author")).toHaveText(author);
  await expect(made.locator(".entry-kind")).toHaveText(word("en", kind));
  const time = made.locator("a.entry-time time");
  await expect(time).toHaveText(/\d/);
  const age = Date.now() - Date.parse((await time.getAttribute("datetime")) ?? "");
  expect(Math.abs(age), "milliseconds since it was said").toBeLessThan(10 * 60_000);
}

test("t_tim_01 a request and its answer stand in the timeline of the team, and nowhere for the requester", async ({ as, ownServer }) => {
  const [question, reason, told] = [unique("question"), unique("reason"), unique("told")];
  const desk = await ownServer();
  const targets = [{ kind: "email", email: address("supervisor1") }];
  const wanted = { comment: question, format: "text", targets };
  const { id } = await desk.api<{ id: string }>("tech1", "POST", `/tickets/${TICKET}/validations`, wanted);
  await desk.api("supervisor1", "POST", `/tickets/${TICKET}/validations/${id}/answers`, { answer: "refused", comment: reason });
  await note(desk, "tech1", TICKET, { text: told, visibility: "public" });

  const agent = await as("tech1", desk);
  await visit(agent, `/tickets/${TICKET}`);
  const [request, answer] = [entry(agent, question), entry(agent, reason)];
  await expect(request).toHaveAttribute("id", `validation_request-${id}`);
  await says(request, "Tom Silva", "validations.entry_request");
  const [refused, progress] = [word("en", "validations.refused"), word("en", "validations.progress", { answered: 1, targets: 1 })];
  await expect(request.locator(".entry-task")).toContainText([refused, "Lea Nunes", progress].join(" · "));
  await expect(answer).toHaveAttribute("id", /^validation_answer-/);
  await says(answer, "Lea Nunes", "validations.entry_answer");
  await expect(answer.locator(".entry-task")).toContainText(refused);
  for (const one of [request, answer]) {
    await expect(one.locator(".entry-task a")).toHaveAttribute("href", `/tickets/${TICKET}/validations#validation-${id}`);
  }

  const requester = await as("requester1", desk);
  for (const path of [`/requests/${TICKET}`, `/requests/${TICKET}/history`]) {
    await visit(requester, path);
    const page = requester.locator("#main");
    await expect(page).toContainText(told);
    await expect(page).not.toContainText(word("en", "validations.entry_request"));
    await expect(page).not.toContainText(word("en", "validations.entry_answer"));
    // Nor in what the browser is given and does not show.
    const sent = await (await requester.request.get(path)).text();
    expect(sent, path).toContain(told);
    for (const secret of [question, reason, id]) expect(sent, path).not.toContain(secret);
  }
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
