// Outgoing mail for administrators, and mails of what people are told: wanted, and ended by the link in them.
import { note } from "../fixtures/desk.ts";
import { composer, write } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva. */
const TICKET = 1;

test("m_dlv_09 a mail that waits is given up and sent again", { tag: "@plain" }, async ({ as, ownServer, smtp }) => {
  test.slow();
  const text = unique("put off");
  const ana = address("requester1");
  const desk = await ownServer({ smtp: smtp.url });
  const admin = await as("admin", desk);
  smtp.refuse(ana, "451 4.7.1 Come back later");
  await note(desk, "tech1", TICKET, { text, visibility: "public", mailed: true });

  const row = admin.locator(".outgoing > li").filter({ hasText: ana }).first();
  await expect(async () => {
    await visit(admin, "/settings/mail?state=failed");
    await expect(row).toContainText("Come back later", { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expect(row).not.toContainText(text);
  await row.getByRole("button", { name: word("en", "mail.give_up_to", { name: "Ana Souza" }) }).click();
  await expect(row).toContainText(word("en", "tickets.unsent_given_up"));
  smtp.accept(ana);
  await row.getByRole("button", { name: word("en", "mail.send_again_to", { name: "Ana Souza" }) }).click();
  await expect.poll(() => smtp.letters.length, { timeout: 20_000 }).toBe(1);
  expect(smtp.letters[0]?.text).toContain(text);
});

test("m_out_05 a mail that is wanted is sent, and ended by its link", { tag: "@plain" }, async ({ as, ownServer, smtp }) => {
  test.slow();
  const text = unique("still jammed");
  const desk = await ownServer({ smtp: smtp.url });
  const [tech, ana] = [await as("tech1", desk), await as("requester1", desk)];
  await visit(tech, "/profile/notifications");
  await tech.locator('input[name="form[mail][]"][value="requester_occurrence"]').check();
  await tech.getByRole("button", { name: word("en", "notifications.save") }).click();
  await expect(tech.getByRole("status").filter({ hasText: word("en", "notifications.saved") })).toBeVisible();

  await visit(ana, `/requests/${TICKET}`);
  const form = composer(ana);
  await form.locator('[name="form[notify_responsible]"]').uncheck();
  await write(form, text);
  await form.locator(".form-foot button[type=submit]").click();
  await expect(ana).toHaveURL(/posted=1/);
  await expect.poll(() => smtp.letters.length, { timeout: 20_000 }).toBe(1);
  const [letter] = smtp.letters;
  expect(letter?.recipients).toEqual([address("tech1")]);
  expect(letter?.text).not.toContain(text);
  expect(letter?.header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");

  const link = /<([^>]+)>/.exec(letter?.header("list-unsubscribe") ?? "")?.[1] ?? "";
  await visit(tech, link);
  await expect(tech.locator("main")).toContainText(word("en", "notifications.event_requester_occurrence"));
  await tech.getByRole("button", { name: word("en", "mail.stop_now") }).click();
  await expect(tech.getByRole("status")).toContainText(
    word("en", "mail.stopped", { name: word("en", "notifications.event_requester_occurrence") }),
  );
  await visit(tech, "/profile/notifications");
  await expect(tech.locator('input[name="form[mail][]"][value="requester_occurrence"]')).not.toBeChecked();
});
