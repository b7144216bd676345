// Templates: mails are edited and shown with a ticket, a broken text is refused with its line, a reply begins an occurrence.
import type { Page } from "@playwright/test";
import { reply } from "../fixtures/desk.ts";
import { composer, entry, openComposer, send, write, written } from "../fixtures/occurrences.ts";
import { expect, hasScripts, hydrated, seesNothing, test, visit } from "../fixtures/test.ts";
import { pattern, unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva. */
const TICKET = 1;
const TITLE = "VPN drops every ten minutes";

const text = (page: Page, lang: string) => page.locator(`#form-texts-${lang}`);
const save = (page: Page) => page.getByRole("button", { name: word("en", "templates.save"), exact: true }).last().click();

test("t_tpl_01 the shipped mail is found from its setting, changed, shown with a ticket, and reset", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("admin", await ownServer());
  await visit(page, "/settings");
  await page.locator(".page-tools a[href='/settings/templates']").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "templates.title"));
  await page.locator(".template-tabs").getByRole("link", { name: word("en", "templates.mails") }).click();
  await page.getByRole("link", { name: "Public occurrence, to the requester" }).click();
  await expect(page.locator("section:has(#used-title)")).toContainText(word("en", "settings.mail_template_requester"));

  await test.step("what is typed is shown with a ticket before it is saved", async () => {
    const before = await text(page, "en").inputValue();
    await text(page, "en").fill(`News of {{ ticket.title }}\n\n${before}`);
    await page.locator("#form-ticket").fill(String(TICKET));
    await page.locator("#form-language").selectOption("en");
    await page.getByRole("button", { name: word("en", "templates.show_preview") }).click();
    await expect(page.locator("#preview")).toContainText(`News of ${TITLE}`);
    await expect(page.getByText(word("en", "templates.unsaved"))).toBeVisible();
  });

  await test.step("it is saved, and reset", async () => {
    await save(page);
    await expect(page.locator('.banner[data-tone="done"]')).toHaveText(word("en", "templates.saved"));
    await expect(text(page, "en")).toHaveValue(/^News of/);
    await page.getByRole("button", { name: word("en", "templates.reset") }).click();
    await expect(text(page, "en")).not.toHaveValue(/News of/);
  });
});

test("t_tpl_02 a broken text is refused at its field with the line and the nearest word", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("admin", await ownServer());
  await visit(page, "/settings/templates?kind=replies");
  await page.getByRole("link", { name: word("en", "templates.new_reply") }).click();
  await page.locator("#form-name").fill("Broken");
  await page.locator("#form-visibility").selectOption("public");
  await text(page, "en").fill("Hello\n\n{{ ticket.titel }}");
  await text(page, "fr").fill("Bonjour");
  await save(page);
  const error = page.locator("#form-texts-en-error");
  await expect(error).toContainText(word("en", "templates.fault_unknown", { line: 3, column: 4 }));
  await expect(error).toContainText(word("en", "templates.fault_nearest", { name: "ticket.title" }));
  await expect(text(page, "en")).toHaveValue("Hello\n\n{{ ticket.titel }}");
  await expect(text(page, "fr")).toHaveValue("Bonjour");
  await expect(page.locator("#form-texts-fr-error")).toHaveCount(0);
  await text(page, "en").fill("Hello\n\n{{ ticket.title }}");
  await save(page);
  await expect(page.locator('.banner[data-tone="done"]')).toHaveText(word("en", "templates.saved"));
  await page.getByText(word("en", "templates.remove"), { exact: true }).click();
  await page.getByRole("button", { name: word("en", "templates.remove_now") }).click();
  await expect(page.locator('.banner[data-tone="done"]')).toHaveText(word("en", "templates.removed"));
});

test("t_occ_09 a reply template is added to what is typed, and says that it makes it public", async ({ as, ownServer }) => {
  const desk = await ownServer();
  const name = unique("Received");
  await reply(desk, name, "We look at {{ ticket.title }}.");
  const page = await as("tech1", desk);
  const typed = unique("typed");
  const form = await openComposer(page, TICKET);
  await write(form, `First ${typed}.`);
  await form.locator('label:has(input[name="form[visibility]"][value="private"])').click();
  if (hasScripts()) {
    // What a draft holds was chosen by hand and stays; a form nobody touched is turned.
    await expect(form.locator('.draft-state[data-state="saved"]')).toHaveCount(1, { timeout: 10_000 });
    await page.reload();
    await hydrated(page);
  }
  await composer(page).locator("#form-insert").selectOption({ label: name });
  await composer(page).getByRole("button", { name: word("en", "tickets.insert_template"), exact: true }).click();
  if (!hasScripts()) await expect(page).toHaveURL(new RegExp(`/tickets/${TICKET}/note$`));
  await expect(async () => {
    const all = await written(composer(page));
    expect(all).toContain(typed);
    expect(all).toContain(`We look at ${TITLE}.`);
    expect(all.indexOf(typed)).toBeLessThan(all.indexOf("We look at"));
  }).toPass({ timeout: 10_000 });
  await expect(composer(page).locator('input[name="form[visibility]"][value="private"]')).toBeChecked();
  await send(composer(page));
  await expect(entry(page, typed)).toContainText(`We look at ${TITLE}.`, { timeout: 15_000 });
});

test("t_occ_09 a form nobody touched takes the visibility of the template @scripts", async ({ as, ownServer }) => {
  const desk = await ownServer();
  const name = unique("Received");
  await reply(desk, name, "We look at it.");
  const page = await as("tech1", desk);
  const form = await openComposer(page, 2);
  const isPrivate = await form.locator('input[name="form[visibility]"][value="private"]').isChecked();
  await form.locator("#form-insert").selectOption({ label: name });
  await form.getByRole("button", { name: word("en", "tickets.insert_template"), exact: true }).click();
  await expect(form.locator('input[name="form[visibility]"][value="public"]')).toBeChecked();
  if (isPrivate) await expect(form.locator(".template-said")).toHaveText(word("en", "tickets.template_made_public"));
  await expect(form.locator('input[name="form[template]"]')).toHaveValue(/^[0-9a-f-]{36}$/);
});

test("t_set_02 nobody else sees templates", { tag: "@plain" }, async ({ page, signIn, guard }) => {
  for (const who of ["tech1", "requester1"]) {
    await signIn(page, who);
    await seesNothing(page, guard, "/settings/templates?kind=replies");
    await seesNothing(page, guard, "/settings/templates/new?kind=mails");
  }
  await signIn(page, "supervisor1");
  await visit(page, "/settings/templates?kind=mails");
  await expect(page.locator(".template-table")).toContainText("Unread chat lines");
  await expect(page).toHaveTitle(pattern("en", "templates.title"));
});
