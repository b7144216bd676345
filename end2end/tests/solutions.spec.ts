// Solving and the three closings: a solution is proposed, answered in My requests and by the link of its mail.
import { solution } from "../fixtures/desk.ts";
import { entry, write, written } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
import { expect, hydrated, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva; each test has a desk of its own. */
const TICKET = 1;

test("t_sol an agent proposes a solution from the next step of the ticket", { tag: "@desktop" }, async ({ as, ownServer }) => {
  const agent = await as("tech1", await ownServer());
  const text = unique("solved");
  await visit(agent, `/tickets/${TICKET}`);
  await agent.locator(".ticket-next a").click();
  await expect(agent).toHaveURL(new RegExp(`/tickets/${TICKET}/solve$`));
  await hydrated(agent);
  const form = agent.locator("#solution-form");
  await write(form, text);
  await form.locator(".composer-send button.btn-primary[type=submit]").click();
  await expect(entry(agent, text)).toHaveCount(1, { timeout: 15_000 });
  await expect(entry(agent, text).locator(".solution-state")).toContainText(word("en", "solutions.waiting"));
  await expect(agent.locator(".ticket-facts .status").first()).toHaveAttribute("data-status", "solved");
});

test("t_sol a solution is refused, proposed again and approved", { tag: "@pair" }, async ({ as, ownServer }) => {
  const desk = await ownServer();
  const requester = await as("requester1", desk);
  const [first, second, reason] = [unique("first"), unique("second"), unique("reason")];

  await solution(desk, "tech1", TICKET, first);
  await test.step("the requester says what is missing", async () => {
    await visit(requester, `/requests/${TICKET}`);
    await expect(entry(requester, first)).toBeVisible();
    await requester.locator("#answer").getByRole("link", { name: word("en", "requests.not_solved") }).click();
    await expect(requester).toHaveURL(/ask=refuse/);
    await requester.locator('#answer textarea[name="form[text]"]').fill(reason);
    await requester.locator("#answer button[type=submit]").click();
    await expect(requester).toHaveURL(/done=refuse/);
    await expect(entry(requester, reason).first()).toBeVisible();
    await expect(requester.locator("#answer")).toHaveCount(0);
  });

  await solution(desk, "tech1", TICKET, second);
  await test.step("in the list it is one click", async () => {
    await visit(requester, "/requests");
    const row = requester.locator("article.request-row", { has: requester.locator(`a[href="/requests/${TICKET}"]`) });
    const works = row.getByRole("button", { name: word("en", "requests.it_works") });
    await works.click();
    // The page is the same, without the question.
    await expect(works).toHaveCount(0);
    await visit(requester, `/requests/${TICKET}`);
    await expect(entry(requester, second).locator(".solution-state")).toContainText("Ana Souza");
  });
});

test("t_sol_08 the link of the mail shows first and acts by its button", { tag: ["@plain", "@desktop"] }, async ({ guard, ownServer, smtp, browser }) => {
  test.slow();
  const desk = await ownServer({ smtp: smtp.url });
  const text = unique("cable");
  await solution(desk, "tech1", TICKET, text);
  await expect.poll(() => smtp.letters.length, { timeout: 30_000 }).toBeGreaterThan(0);
  const letter = smtp.letters.find((one) => one.recipients.includes(address("requester1")));
  const link = letter?.text.match(/https?:\/\/\S+\/solution\?token=\S+answer=approve/)?.[0];
  if (!link) throw new Error(`no link in ${letter?.text}`);
  // A browser that never signed in.
  const context = await browser.newContext({ baseURL: desk.url });
  await guard.watch(context);
  const stranger = await context.newPage();
  const path = new URL(link).pathname + new URL(link).search;
  for (let time = 0; time < 2; time += 1) {
    await stranger.goto(path);
    await expect(stranger.locator("body")).toContainText(text);
  }
  await stranger.getByRole("button", { name: word("en", "requests.it_works") }).click();
  await expect(stranger.getByRole("status")).toContainText(word("en", "requests.done_approve"));
  await stranger.goto(path);
  await expect(stranger.getByRole("button")).toHaveCount(0);
  await expect(stranger.locator("body")).not.toContainText(text);
  await context.close();
});

test("a text that is refused stays", { tag: "@desktop" }, async ({ as, ownServer }) => {
  const desk = await ownServer();
  const agent = await as("tech1", desk);
  const [text, reason] = [unique("typed"), unique("reason")];
  await visit(agent, `/tickets/${TICKET}/solve`);
  const form = agent.locator("#solution-form");
  const send = form.locator(".composer-send button.btn-primary[type=submit]");
  await test.step("an empty solution is refused", async () => {
    await send.click();
    await expect(agent.getByRole("alert")).toBeVisible();
  });
  await test.step("what was written stays in its form where the ticket is solved already", async () => {
    await visit(agent, `/tickets/${TICKET}/solve`);
    await write(form, text);
    await solution(desk, "tech1", TICKET, unique("sooner"));
    await send.click();
    await expect(agent).toHaveURL(/__err=/);
    await hydrated(agent);
    expect(await written(form)).toContain(text);
    await visit(agent, `/tickets/${TICKET}/solve`);
    expect(await written(form)).toContain(text);
    await visit(agent, `/tickets/${TICKET}`);
    await expect(entry(agent, text)).toHaveCount(0);
  });
  await test.step("so do the words of an answer, which has no draft", async () => {
    const requester = await as("requester1", desk);
    await visit(requester, `/requests/${TICKET}?ask=refuse`);
    await requester.locator('#answer textarea[name="form[text]"]').fill(reason);
    await desk.api("requester1", "POST", `/tickets/${TICKET}/actions/approve`, {});
    await requester.locator("#answer button[type=submit]").click();
    await expect(requester).toHaveURL(/__err=/);
    await expect(requester.locator("main")).toContainText(word("en", "common.text_unsent"));
    await expect(requester.locator("main")).toContainText(reason);
    // It belongs to this answer of this browser: the page itself tells none of it, and nobody else is shown it.
    const address = requester.url();
    await visit(requester, `/requests/${TICKET}`);
    await expect(requester.locator("main")).not.toContainText(reason);
    const another = await as("requester1", desk);
    await visit(another, address);
    await expect(another.locator("main")).not.toContainText(reason);
  });
});

test("a step of a task that is refused keeps what was typed, at its error", { tag: "@desktop" }, async ({ as, ownServer }) => {
  const desk = await ownServer();
  const { id } = await desk.api<{ id: string }>("tech1", "POST", `/tickets/${TICKET}/tasks`, { content: unique("task"), format: "text" });
  const agent = await as("tech1", desk);
  await visit(agent, `/tickets/${TICKET}/tasks/${id}`);
  const form = agent.locator('form[action$="/set_task"]', { has: agent.locator('[name="form[actual_minutes]"]') });
  const spent = form.locator('[name="form[actual_minutes]"]');
  await spent.fill("ninety-one");
  await form.locator("button[type=submit]").click();
  await expect(agent).toHaveURL(/__err=/);
  await expect(spent).toHaveValue("ninety-one");
  await expect(spent).toHaveAttribute("aria-invalid", "true");
  await spent.fill("1h31");
  await form.locator("button[type=submit]").click();
  await expect(agent).not.toHaveURL(/__err=/);
  await expect(spent).toHaveValue(/^1\s?h\s?31/);
});
