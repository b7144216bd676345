// "Send by email": one mail for each requester, its state on the entry, and what a mail makes impossible.
import type { Locator, Page } from "@playwright/test";
import { note } from "../fixtures/desk.ts";
import { choose, composer, entry, follow, openComposer, send, write, written } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
import { expect, hasScripts, hydrated, test, visit } from "../fixtures/test.ts";
import { pattern, unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva, observed by nobody; each test has a desk of its own. */
const TICKET = 1;
const TITLE = "VPN drops every ten minutes";
const ANA = address("requester1");

const tick = (form: Locator): Locator => form.locator('[name="form[send_mail]"]');
const radio = (form: Locator, value: string): Locator => form.locator(`[name="form[visibility]"][value="${value}"]`);
const mails = (page: Page, text: string): Locator => entry(page, text).locator(".mail-list > li");

/** Sets the tick; without scripts the visibility is a choice of its own. */
async function tickMail(form: Locator): Promise<void> {
  await tick(form).check();
  if (!hasScripts()) await choose(form, "public");
  await expect(radio(form, "public")).toBeChecked();
}

/** Loads the ticket anew until the last mail of an entry is in a state. */
async function comesTo(page: Page, text: string, state: string): Promise<void> {
  await expect(async () => {
    await visit(page, `/tickets/${TICKET}`);
    await expect(mails(page, text).last().locator(".mail-state")).toHaveAttribute("data-state", state, { timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

test("m_out_01 an occurrence that is sent reaches its requester once and says so", { tag: "@pair" }, async ({ as, ownServer, smtp }) => {
  test.slow();
  const text = unique("cause");
  const desk = await ownServer({ smtp: smtp.url });
  const page = await as("tech1", desk);

  await test.step("the form names the recipient, and ticking makes it public", async () => {
    const form = await openComposer(page, TICKET);
    await write(form, `We found the ${text}`);
    await choose(form, "private");
    await expect(form.locator("#mail-about")).toContainText(ANA);
    await tickMail(form);
    if (hasScripts()) {
      await expect(radio(form, "private")).toBeDisabled();
      await form.locator('label:has([name="form[visibility]"][value="private"])').click({ force: true });
      await expect(radio(form, "public")).toBeChecked();
    }
    const button = form.locator(".composer-send button.btn-primary");
    await expect(button.locator(".when-mail")).toHaveText(word("en", "tickets.add_and_send"));
    await expect(button.locator(".when-mail")).toBeVisible();
    await expect(button.locator(".not-mail")).toBeHidden();
  });

  await test.step("it waits in the queue, then it is sent", async () => {
    smtp.hold();
    await send(composer(page));
    await expect(entry(page, text)).toHaveCount(1, { timeout: 15_000 });
    await comesTo(page, text, "queued");
    await expect(mails(page, text)).toContainText(word("en", "tickets.mail_queued"));
    smtp.release();
    await comesTo(page, text, "sent");
    await expect(mails(page, text)).toHaveCount(1);
    for (const part of [word("en", "tickets.mail_sent"), "Ana Souza", ANA]) await expect(mails(page, text)).toContainText(part);
    // The next one is mailed only if it says so.
    await expect(tick(await openComposer(page, TICKET))).not.toBeChecked();
  });

  await test.step("exactly one mail arrived, for nobody else", async () => {
    expect(smtp.letters).toHaveLength(1);
    const [letter] = smtp.letters;
    if (!letter) throw new Error("no mail");
    expect(letter.recipients).toEqual([ANA]);
    expect(letter.header("to").match(/[^\s<>"]+@[^\s<>"]+/g)).toEqual([ANA]);
    for (const name of ["cc", "bcc"]) expect(letter.header(name)).toBe("");
    expect(letter.header("from")).toContain("desk@example.org");
    expect(letter.header("subject")).toBe(`[Guichet #${TICKET}] ${TITLE}`);
    expect(letter.header("message-id")).toMatch(/^<o\.[0-9a-f]{32}\.[0-9a-f]{32}@example\.org>$/);
    expect(letter.header("auto-submitted")).toBe("auto-generated");
    expect(letter.text).toContain(text);
    expect(letter.html).toContain(text);
    expect(letter.text).toContain(`${desk.url}/requests/${TICKET}`);
  });

  await test.step("the requester reads that it was sent, and no more", async () => {
    const requester = await as("requester1", desk);
    await visit(requester, `/requests/${TICKET}`);
    await expect(entry(requester, text).locator(".entry-foot")).toContainText(word("en", "requests.sent_by_mail"));
    await expect(entry(requester, text)).not.toContainText(ANA);
    await expect(requester.locator(".mail-list")).toHaveCount(0);
  });
});

test("t_occ_12 without a mail server the tick is off and says why", { tag: "@desktop" }, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  const form = await openComposer(page, TICKET);
  await expect(tick(form)).toBeVisible();
  await expect(tick(form)).toBeDisabled();
  await expect(tick(form)).toHaveAccessibleDescription(pattern("en", "errors.mail_not_configured"));
  await expect(form.locator("#mail-about")).toContainText(word("en", "errors.mail_not_configured"));
});

// With scripts the tick turns to public.
test("t_occ_12 private and sent by email do not go together", { tag: ["@plain", "@desktop"] }, async ({ as, ownServer, smtp }) => {
  const text = unique("both");
  const page = await as("tech1", await ownServer({ smtp: smtp.url }));
  const form = await openComposer(page, TICKET);
  await write(form, text);
  await choose(form, "private");
  await expect(form.locator(".mail-needs-public")).toBeHidden();
  await tick(form).check();
  await expect(form.locator(".mail-needs-public")).toHaveText(word("en", "errors.mail_requires_public"));
  await expect(form.locator(".mail-needs-public")).toBeVisible();
  await send(form);
  await expect(form.locator(".field-error")).toContainText(word("en", "errors.mail_requires_public"));
  expect(await written(form)).toContain(text);
  await tickMail(form);
  await send(form);
  await expect(entry(page, text)).toHaveCount(1);
  await comesTo(page, text, "sent");
  expect(smtp.letters).toHaveLength(1);
});

test("m_dlv_05 a mail that was refused says so and is sent again", { tag: "@desktop" }, async ({ as, ownServer, smtp }) => {
  test.slow();
  const text = unique("refused");
  const desk = await ownServer({ smtp: smtp.url });
  const page = await as("tech1", desk);
  smtp.refuse(ANA, "550 5.1.1 No such person here");
  await note(desk, "tech1", TICKET, { text, visibility: "public", mailed: true });
  await comesTo(page, text, "failed");
  await expect(mails(page, text)).toContainText(word("en", "tickets.mail_failed"));
  await expect(mails(page, text)).toContainText("No such person here");
  expect(smtp.letters).toHaveLength(0);
  smtp.accept(ANA);
  const again = entry(page, text).getByRole("button", { name: word("en", "tickets.send_again_to", { name: "Ana Souza" }) });
  await again.click();
  await expect(mails(page, text)).toHaveCount(2);
  await expect(page).toHaveURL(/#occurrence-/);
  await hydrated(page);
  await comesTo(page, text, "sent");
  await expect(mails(page, text).first().locator(".mail-state")).toHaveAttribute("data-state", "failed");
  await expect(again).toHaveCount(0);
  expect(smtp.letters.map((letter) => letter.recipients)).toEqual([[ANA]]);
});

test("t_occ_18 what was mailed turns private only for those who know it cannot be recalled", { tag: "@desktop" }, async ({ as, ownServer, smtp, guard }) => {
  test.slow();
  guard.allowStatus(409);
  const text = unique("recall");
  const desk = await ownServer({ smtp: smtp.url });
  const page = await as("tech1", desk);
  await note(desk, "tech1", TICKET, { text, visibility: "public", mailed: true });
  await comesTo(page, text, "sent");
  await follow(page, entry(page, text), "edit");
  const form = page.locator('form[action$="/edit_occurrence"]');
  const known = form.locator('[name="form[acknowledge_mail_sent]"]');
  const save = form.locator("button.btn-primary[type=submit]");
  await expect(tick(form)).not.toBeChecked();
  await expect(known).toBeHidden();
  await choose(form, "private");
  await expect(known).toBeVisible();
  await expect(form.locator(".mail-must-know")).toContainText(word("en", "tickets.mail_not_recalled"));
  await save.click();
  await expect(form.locator(".error-summary")).toContainText(word("en", "errors.mail_already_sent"));
  await expect(radio(form, "private")).toBeChecked();
  await known.check();
  await save.click();
  await expect(entry(page, text)).toHaveClass(/(^| )private( |$)/);
  expect(smtp.letters).toHaveLength(1);
});
