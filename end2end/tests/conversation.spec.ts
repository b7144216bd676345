// One ticket talked over from both sides, in several browsers at once: an occurrence by mail, the answer from a phone without
// scripts, the bell, a message, the chat, and what is left of it when the chat is switched off and on again.
import type { Locator, Page } from "@playwright/test";
import { PHONE } from "../config.ts";
import { bubble, say, turn } from "../fixtures/chat.ts";
import { composer, entry, openComposer, send, write } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
import type { Letter } from "../fixtures/smtp.ts";
import { expect, hydrated, seesNothing, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva; the test has a desk of its own. */
const TICKET = 1;
const TITLE = "VPN drops every ten minutes";
const [ANA, TOM] = [address("requester1"), address("tech1")];
/** What only the team may read of it. */
const PRIVATE = "Gateway 2 renegotiates";

const ids = (kind: string): RegExp => new RegExp(`^<${kind}\\.[0-9a-f]{32}\\.[0-9a-f]{32}@example\\.org>$`);
const message = (page: Page, text: string): Locator => page.locator("ol.bubbles article").filter({ hasText: text });
const chatTab = (page: Page): Locator => page.locator('a[href$="/history?tab=chat"]');

/** Empties the bell of somebody. */
async function readAll(page: Page): Promise<void> {
  await visit(page, "/notifications");
  if ((await page.locator(".told .is-new").count()) > 0) {
    await page.getByRole("button", { name: word("en", "notifications.read_all") }).click();
  }
  await expect(page.locator(".told .is-new")).toHaveCount(0);
}

/** What every mail about the ticket says of itself to programs, to one recipient alone. */
function isOneLetter(letter: Letter, to: string): void {
  expect(letter.sender).toBe("desk@example.org");
  expect(letter.recipients).toEqual([to]);
  expect(letter.header("to").match(/[^\s<>"]+@[^\s<>"]+/g)).toEqual([to]);
  for (const name of ["cc", "bcc"]) expect(letter.header(name)).toBe("");
  expect(letter.header("from")).toContain("desk@example.org");
  expect(letter.header("subject")).toBe(`[Guichet #${TICKET}] ${TITLE}`);
  expect(letter.header("message-id")).toMatch(ids("o"));
  expect(letter.header("references")).toMatch(ids("t"));
  expect(letter.header("in-reply-to")).toBe(letter.header("references"));
  expect(letter.header("auto-submitted")).toBe("auto-generated");
  expect(letter.header("x-auto-response-suppress")).toBe("All");
  expect(letter.header("x-guichet-ticket")).toBe(String(TICKET));
  expect(letter.header("x-guichet-loop")).not.toBe("");
  expect(letter.header("mime-version")).toBe("1.0");
  expect(Date.parse(letter.header("date"))).toBeGreaterThan(Date.now() - 600_000);
  for (const body of [letter.text, letter.html]) expect(body).not.toContain(PRIVATE);
}

// Its browsers have scripts and have none by themselves, so one project is enough.
test("t_his_02 what both sides say arrives by mail, bell and chat, and stays when the chat goes", { tag: "@scripts" }, async ({ as, guard, ownServer, smtp }) => {
  test.slow();
  // The windows of a chat that is switched off learn it by a refusal.
  guard.allowStatus(403);
  const [told, answered, asked] = [unique("cause"), unique("again"), unique("floor")];
  const [hello, reply, kept] = [unique("hello"), unique("reply"), unique("kept")];
  const desk = await ownServer({ smtp: smtp.url });
  const agent = await as("tech1", desk);
  const small = { viewport: PHONE, hasTouch: true };
  const phone = await as("requester1", desk, { ...small, javaScriptEnabled: false });
  await readAll(agent);

  await test.step("m_out_01 the agent sends a public occurrence by mail: exactly one arrives", async () => {
    const form = await openComposer(agent, TICKET);
    await write(form, `We found the ${told}`);
    await form.locator('[name="form[send_mail]"]').check();
    await send(form);
    await expect(entry(agent, told)).toHaveCount(1, { timeout: 15_000 });
    await expect.poll(() => smtp.letters.length, { timeout: 20_000 }).toBe(1);
    const [letter] = smtp.letters;
    if (!letter) throw new Error("no mail");
    isOneLetter(letter, ANA);
    for (const part of ["Hello Ana Souza", `Tom Silva wrote about your request #${TICKET}`, `We found the ${told}`]) {
      expect(letter.text).toContain(part);
    }
    expect(letter.html).toContain(told);
    for (const body of [letter.text, letter.html]) expect(body).toContain(`${desk.url}/requests/${TICKET}#occurrence-`);
  });

  await test.step("p_his_01 the requester reads it in the history, on a phone without scripts", async () => {
    await visit(phone, `/requests/${TICKET}`);
    await phone.locator(`a[href="/requests/${TICKET}/history"]`).click();
    await expect(phone).toHaveURL(new RegExp(`/requests/${TICKET}/history$`));
    const row = phone.locator("ol.history > li").filter({ hasText: told });
    await expect(row).toContainText("Tom Silva");
    await expect(phone.locator("main")).not.toContainText(PRIVATE);
    // Nobody has switched the chat on yet.
    await expect(chatTab(phone)).toHaveCount(0);
    await row.getByRole("link").first().click();
    await expect(entry(phone, told)).toBeVisible();
  });

  await test.step("m_out_02 he registers an occurrence, and the responsible is called by bell and mail", async () => {
    // A ticket that is open in front of somebody rings no bell.
    await visit(agent, "/tickets");
    await visit(phone, `/requests/${TICKET}`);
    const form = composer(phone);
    await expect(form.locator('[name="form[notify_responsible]"]')).toBeChecked();
    await write(form, `It is back ${answered}`);
    await form.locator(".form-foot button[type=submit]").click();
    await expect(phone).toHaveURL(/posted=1/);
    await expect(entry(phone, answered)).toBeVisible();

    await expect.poll(() => smtp.letters.length, { timeout: 20_000 }).toBe(2);
    const letter = smtp.letters[1];
    if (!letter) throw new Error("no mail");
    isOneLetter(letter, TOM);
    for (const part of [`Ana Souza added a note to ticket #${TICKET}`, `It is back ${answered}`]) expect(letter.text).toContain(part);
    for (const body of [letter.text, letter.html]) {
      expect(body).toContain(`${desk.url}/tickets/${TICKET}#occurrence-`);
      expect(body).not.toContain(told);
    }

    await visit(agent, "/tickets");
    await expect(agent.locator("a.bell [aria-hidden]").last()).toHaveText("1");
    await agent.locator("a.bell").click();
    const line = agent.locator(`section:has(#told-of-${TICKET}) .told > li`).first();
    await expect(line).toContainText(word("en", "notifications.added_note", { name: "Ana Souza" }));
    await expect(line).toContainText(word("en", "notifications.why_assignee"));
    await line.locator(".told-open").click();
    await expect(agent).toHaveURL(new RegExp(`/tickets/${TICKET}\\?around=occurrence-`));
    await expect(entry(agent, answered)).toContainText("Ana Souza");
    await hydrated(agent);
  });

  await test.step("t_msg_02 a message of the agent is read on the phone", async () => {
    await visit(agent, `/tickets/${TICKET}/messages`);
    await agent.locator('#message-form [name="form[text]"]').fill(`Which ${asked}?`);
    await agent.locator("#message-form .form-foot button[type=submit]").click();
    await expect(agent).toHaveURL(/sent=1/);
    await visit(phone, `/requests/${TICKET}/messages`);
    await expect(message(phone, asked)).toContainText("Tom Silva");
  });

  await turn(desk, true);
  // The same phone with its scripts on.
  const ana = await as("requester1", desk, small);

  await test.step("t_cht_01 the chat goes both ways without reloading", async () => {
    await visit(agent, `/tickets/${TICKET}/chat`);
    await visit(ana, `/requests/${TICKET}/chat`);
    await say(ana, hello);
    await expect(bubble(agent, hello)).toContainText("Ana Souza", { timeout: 10_000 });
    await say(agent, reply);
    await expect(bubble(ana, reply)).toContainText("Tom Silva", { timeout: 10_000 });
    await expect(ana.getByText(word("en", "chat.is_here", { name: "Tom Silva" }))).toBeVisible({ timeout: 10_000 });
  });

  const tabHoldsAll = async (): Promise<void> => {
    await visit(phone, `/requests/${TICKET}/history`);
    await expect(phone.locator("main")).not.toContainText(hello);
    await chatTab(phone).click();
    await expect(phone).toHaveURL(/tab=chat$/);
    for (const text of [asked, hello, reply]) {
      await expect(phone.locator("ol.history > li").filter({ hasText: text })).toHaveCount(1);
    }
  };
  await test.step("t_his_02 the tab of the history holds messages and lines", tabHoldsAll);

  await test.step("t_cht_07 switched off, open windows say so and keep what was typed", async () => {
    await ana.locator("#chat-form textarea").fill(kept);
    await turn(desk, false);
    for (const page of [agent, ana]) {
      await expect(page.getByText(word("en", "chat.off_disabled"))).toBeVisible({ timeout: 15_000 });
      await expect(page.locator("#chat-form")).toHaveCount(0);
    }
    await expect(ana.locator("[data-chat-kept-text]")).toHaveText(kept);
  });

  await test.step("t_his_02 the tab is gone on both sides, the messages stay", async () => {
    for (const [page, place] of [
      [agent, "tickets"],
      [phone, "requests"],
    ] as const) {
      await visit(page, `/${place}/${TICKET}`);
      await expect(page.locator(`a[href="/${place}/${TICKET}/chat"]`)).toHaveCount(0);
      await expect(entry(page, asked)).toBeVisible();
      await visit(page, `/${place}/${TICKET}/history`);
      await expect(page.locator("ol.history").first()).toBeVisible();
      await expect(chatTab(page)).toHaveCount(0);
      await seesNothing(page, guard, `/${place}/${TICKET}/history?tab=chat`);
      await visit(page, `/${place}/${TICKET}/messages`);
      await expect(message(page, asked)).toBeVisible();
    }
  });

  await test.step("t_cht_07 switched on, all of it is there again", async () => {
    await turn(desk, true);
    await tabHoldsAll();
  });

  // What was said in the chat was read there, and a message is mailed by its tick alone.
  expect(smtp.letters.map((letter) => letter.recipients)).toEqual([[ANA], [TOM]]);
});
