// Messages between the team and a requester: written, read, answered, seen as read, taken back.
import type { Locator, Page } from "@playwright/test";
import { entry } from "../fixtures/occurrences.ts";
import { expect, seesNothing, test, visit } from "../fixtures/test.ts";
import { pattern, unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva; each test has a desk of its own. */
const TICKET = 1;

const bubble = (page: Page, text: string): Locator => page.locator("ol.bubbles article").filter({ hasText: text });

/** Writes into the form of the page and sends it. */
async function say(page: Page, text: string): Promise<void> {
  const form = page.locator("#message-form");
  await form.locator('[name="form[text]"]').fill(text);
  await form.locator(".form-foot button[type=submit]").click();
  await expect(page).toHaveURL(/sent=1/);
  await expect(bubble(page, text)).toBeVisible();
}

test("t_msg an agent writes, the requester reads and answers, the agent sees it read", { tag: "@pair" }, async ({ as, ownServer }) => {
  test.slow();
  const [question, answer] = [unique("question"), unique("answer")];
  const desk = await ownServer();
  const agent = await as("tech1", desk);
  const requester = await as("requester1", desk);

  await test.step("the agent writes from the head of the ticket", async () => {
    await visit(agent, `/tickets/${TICKET}`);
    await agent.getByRole("link", { name: word("en", "messages.to_requester"), exact: true }).click();
    await expect(agent.getByRole("heading", { level: 1 })).toHaveText(word("en", "messages.messages"));
    await say(agent, question);
    await expect(bubble(agent, question)).not.toContainText("Ana Souza");
  });

  await test.step("the requester finds it in his list and in the conversation", async () => {
    await visit(requester, "/requests");
    await expect(requester.locator(".portal-nav .count")).toBeVisible();
    await visit(requester, `/requests/${TICKET}`);
    await expect(entry(requester, question)).toContainText(word("en", "messages.message"));
    await requester.locator(`a[href="/requests/${TICKET}/messages"]`).click();
    await expect(bubble(requester, question)).toContainText("Tom Silva");
  });

  await test.step("and answers", async () => {
    await say(requester, answer);
    await expect(requester.getByRole("status").filter({ hasText: word("en", "messages.sent_done") })).toBeVisible();
  });

  await test.step("the agent sees the number of answers, the answer, and that his own was read", async () => {
    await visit(agent, `/tickets/${TICKET}`);
    await agent.getByRole("link", { name: word("en", "messages.to_requester_unread", { n: 1 }) }).click();
    await expect(bubble(agent, answer)).toContainText("Ana Souza");
    await expect(bubble(agent, question)).toContainText(pattern("en", "messages.read_by", { name: "Ana Souza" }));
    await visit(agent, `/tickets/${TICKET}`);
    await expect(agent.getByRole("link", { name: word("en", "messages.to_requester"), exact: true })).toBeVisible();
    await expect(entry(agent, answer)).toContainText(word("en", "messages.to_team"));
  });
});

test("t_msg_04 what nobody has read is withdrawn, and strangers see nothing", { tag: "@desktop" }, async ({ as, guard, ownServer }) => {
  const text = unique("mistake");
  const desk = await ownServer();
  const agent = await as("tech1", desk);
  await visit(agent, `/tickets/${TICKET}/messages`);
  await say(agent, text);
  await seesNothing(await as("requester2", desk), guard, `/requests/${TICKET}/messages`);
  await bubble(agent, text).getByRole("button", { name: word("en", "messages.withdraw") }).click();
  await expect(agent).toHaveURL(/withdrawn=1/);
  await expect(bubble(agent, text)).toHaveCount(0);
  const requester = await as("requester1", desk);
  await visit(requester, `/requests/${TICKET}`);
  await expect(entry(requester, text)).toHaveCount(0);
});

test("a message without words is refused and says why", { tag: "@desktop" }, async ({ as, ownServer }) => {
  const desk = await ownServer();
  const agent = await as("tech1", desk);
  await visit(agent, `/tickets/${TICKET}/messages`);
  const form = agent.locator("#message-form");
  await form.locator(".form-foot button[type=submit]").click();
  await expect(form.locator("#form-text-error")).toHaveText(word("en", "errors.required"));
});
