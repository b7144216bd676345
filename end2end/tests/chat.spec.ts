// The chat: both sides live with scripts, a list and a form without, the agents' panel, the tab of the history.
import { PHONE } from "../config.ts";
import { bubble, say, turn } from "../fixtures/chat.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva; each test has a desk of its own. */
const TICKET = 1;

// P-CHT-01: lines, presence and signs by themselves; P-CHT-02: to the two sides alone.
test("t_cht both sides talk, the agent takes it from the panel, and it stays in the history", { tag: "@desktop" }, async ({ as, ownServer }) => {
  test.slow();
  const [hello, answer] = [unique("hello"), unique("answer")];
  const desk = await ownServer();
  await turn(desk, true);
  const requester = await as("requester1", desk);
  const agent = await as("tech1", desk);

  await visit(requester, `/requests/${TICKET}`);
  await requester.locator(`a[href="/requests/${TICKET}/chat"]`).click();
  await expect(requester.getByRole("heading", { level: 1 })).toHaveText(word("en", "messages.chat"));
  await say(requester, hello);

  await visit(agent, "/chat");
  await agent.locator(`#chat-open-${TICKET}`).click();
  await expect(bubble(agent, hello)).toContainText("Ana Souza");
  await say(agent, answer);

  if (hasScripts()) {
    await test.step("by itself: what is said, who is here, who writes", async () => {
      await expect(bubble(requester, answer)).toContainText("Tom Silva", { timeout: 10_000 });
      await expect(requester.getByText(word("en", "chat.is_here", { name: "Tom Silva" }))).toBeVisible({ timeout: 10_000 });
      await agent.locator("#chat-form textarea").pressSequentially("One mo");
      await expect(requester.getByText(word("en", "chat.is_writing", { name: "Tom Silva" }))).toBeVisible({ timeout: 10_000 });
      await agent.locator("#chat-form textarea").fill("");
    });
  } else {
    await requester.locator("[data-chat-reload]").click();
    await expect(bubble(requester, answer)).toContainText("Tom Silva");
  }

  await agent.locator("[data-chat-state] button[type=submit]").click();
  await expect(agent).toHaveURL(/ended=1/);
  await visit(requester, `/requests/${TICKET}/history?tab=chat`);
  await expect(requester.locator(".history")).toContainText(hello);
  await expect(requester.locator(".history")).toContainText(answer);
});

test("t_cht_06 what is typed without connection is sent once when it returns @scripts", { tag: "@desktop" }, async ({ as, guard, ownServer }) => {
  guard.allow(/Failed to load resource/, /net::ERR_/);
  const text = unique("offline");
  const desk = await ownServer();
  await turn(desk, true);
  const agent = await as("tech1", desk);
  await visit(agent, `/tickets/${TICKET}/chat`);
  await agent.context().setOffline(true);
  await agent.locator("#chat-form textarea").fill(text);
  await agent.locator("#chat-form button[type=submit]").click();
  await expect(agent.locator("[data-chat-connection]")).toHaveText(word("en", "chat.offline"));
  await expect(agent.locator("#chat-form textarea")).toHaveValue(text);
  await agent.context().setOffline(false);
  await expect(bubble(agent, text)).toHaveCount(1, { timeout: 15_000 });
  await expect(agent.locator("#chat-form textarea")).toHaveValue("");
});

test("t_cht_07 an open window says that the chat was switched off and keeps the text @scripts", { tag: "@desktop" }, async ({ as, guard, ownServer }) => {
  guard.allowStatus(403);
  const text = unique("kept");
  const desk = await ownServer();
  await turn(desk, true);
  const agent = await as("tech1", desk);
  await visit(agent, `/tickets/${TICKET}/chat`);
  await agent.locator("#chat-form textarea").fill(text);
  await turn(desk, false);
  await expect(agent.getByText(word("en", "chat.off_disabled"))).toBeVisible({ timeout: 15_000 });
  await expect(agent.locator("[data-chat-kept-text]")).toHaveText(text);
  await expect(agent.locator("#chat-form")).toHaveCount(0);
});

test("p_cht on a phone the form is at hand, and the answer is read", { tag: "@phone" }, async ({ as, ownServer }) => {
  const [hello, answer] = [unique("hello"), unique("answer")];
  const desk = await ownServer();
  await turn(desk, true);
  const page = await as("requester1", desk);
  await visit(page, `/requests/${TICKET}/chat`);
  await expect(page.locator("#chat-form textarea")).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), "nothing scrolls sideways").toBeLessThanOrEqual(PHONE.width);
  await say(page, hello);
  await desk.api("tech1", "POST", `/tickets/${TICKET}/chat`, { text: answer });
  if (!hasScripts()) await page.locator("[data-chat-reload]").click();
  await expect(bubble(page, answer)).toContainText("Tom Silva");
});
