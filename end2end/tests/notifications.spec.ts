// Notifications: the bell, its page, what may be switched off, and "notify the responsible" in the portal.
import type { Page } from "@playwright/test";
import { note } from "../fixtures/desk.ts";
import { composer, entry, write } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva. */
const TICKET = 1;

const group = (page: Page) => page.locator(`section:has(#told-of-${TICKET})`);
const lines = (page: Page) => group(page).locator(".told > li");
const bell = (page: Page) => page.locator("a.bell");

test("t_ntf_01 a public note is told to its requester, and opening it leads to it", async ({ as, ownServer }) => {
  const text = unique("answer");
  const desk = await ownServer();
  const ana = await as("requester1", desk);
  await visit(ana, "/notifications");
  if ((await ana.locator(".told .is-new").count()) > 0) {
    await ana.getByRole("button", { name: word("en", "notifications.read_all") }).click();
  }
  await expect(ana.locator(".told .is-new")).toHaveCount(0);

  await note(desk, "tech1", TICKET, { text, visibility: "public" });

  await visit(ana, "/requests");
  await expect(bell(ana).locator("[aria-hidden]").last()).toHaveText("1");
  await visit(ana, "/notifications");
  const line = lines(ana).first();
  await expect(line).toContainText(word("en", "notifications.added_note", { name: "Tom Silva" }));
  await expect(line).toContainText(word("en", "notifications.why_requester"));
  await line.locator(".told-open").click();
  await expect(ana).toHaveURL(new RegExp(`/requests/${TICKET}\\?around=occurrence-`));
  await expect(entry(ana, text)).toBeVisible();
  await visit(ana, "/notifications");
  await expect(ana.locator(".told .is-new")).toHaveCount(0);
});

test("t_ntf_03 an event is switched off by a plain form", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("requester1", await ownServer());
  await visit(page, "/profile");
  await page.locator('#notifications a[href="/profile/notifications"]').click();
  const box = page.locator('input[name="form[app][]"][value="closed"]');
  await expect(box).toBeChecked();
  await box.uncheck();
  await page.getByRole("button", { name: word("en", "notifications.save") }).click();
  await expect(page.getByRole("status").filter({ hasText: word("en", "notifications.saved") })).toBeVisible();
  await expect(box).not.toBeChecked();
  await expect(page.locator('input[value="assigned"]')).toHaveCount(0);
});

test("m_out_02 a ticked note calls the responsible by mail", async ({ as, ownServer, smtp }) => {
  test.slow();
  const text = unique("call");
  const desk = await ownServer({ smtp: smtp.url });
  const page = await as("requester1", desk);
  await visit(page, `/requests/${TICKET}`);
  const form = composer(page);
  await expect(form.locator('[name="form[notify_responsible]"]')).toBeChecked();
  await write(form, text);
  await form.locator(".form-foot button[type=submit]").click();
  await expect(page).toHaveURL(/posted=1/);
  await expect.poll(() => smtp.letters.length, { timeout: 20_000 }).toBe(1);
  const [letter] = smtp.letters;
  expect(letter?.recipients).toContain(address("tech1"));
  expect(letter?.text).toContain(text);
  expect(letter?.html).toContain(`/tickets/${TICKET}#occurrence-`);
});

test("p_occ_04 without a mail server there is no tick, and the note says so", async ({ page, signIn }) => {
  await signIn(page, "requester1");
  await visit(page, `/requests/${TICKET}`);
  await expect(composer(page).locator('[name="form[notify_responsible]"]')).toHaveCount(0);
  await expect(composer(page)).toContainText(word("en", "requests.no_mail"));
});
