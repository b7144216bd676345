// Lists: a category is added in four languages, chosen by an agent, and put away: it stays readable and cannot be chosen.
import type { Locator, Page } from "@playwright/test";
import { composer, entry, openComposer, send, write } from "../fixtures/occurrences.ts";
import { expect, seesNothing, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

const TICKET = 1;
const LIST = "/settings/lists/occurrence-categories";
const form = (page: Page): Locator => page.locator("#row-form");
const row = (page: Page, name: string): Locator => page.locator(".list-table tbody tr").filter({ hasText: name });
const save = (page: Page): Promise<void> => form(page).locator("button[type=submit]").click();

async function name(page: Page, names: Record<string, string>): Promise<void> {
  for (const [lang, text] of Object.entries(names)) await form(page).locator(`[name="form[names][${lang}]"]`).fill(text);
}

test("t_set_09 a category in four languages is chosen, put away, and stays readable", async ({ as, ownServer }) => {
  test.slow();
  const server = await ownServer();
  const admin = await as("admin", server);
  const agent = await as("tech1", server);
  const base = unique("cable");
  await visit(admin, LIST);
  await name(admin, { en: base, "pt-BR": `${base} pt`, es: `${base} es`, fr: `${base} fr` });
  await save(admin);
  await expect(row(admin, base)).toHaveCount(1);
  await expect(admin.locator(".banner[data-tone=done]")).toHaveText(word("en", "lists_admin.saved"));

  const text = unique("spliced");
  const writing = await openComposer(agent, TICKET);
  await write(writing, text);
  await writing.locator('[name="form[category]"]').selectOption({ label: base });
  await send(writing);
  await expect(entry(agent, text)).toContainText(base, { timeout: 15_000 });

  await row(admin, base).locator("a.row-title").click();
  await expect(form(admin).locator('[name="form[names][pt-BR]"]')).toHaveValue(`${base} pt`);
  await form(admin).locator('[name="form[active]"]').uncheck();
  await save(admin);
  await expect(row(admin, base)).toContainText(word("en", "lists_admin.state_inactive"));

  await visit(agent, `/tickets/${TICKET}?compose=occurrence`);
  await expect(entry(agent, text)).toContainText(base);
  await expect(composer(agent).locator('[name="form[category]"] option', { hasText: base })).toHaveCount(0);

  // What an entry names cannot be deleted, and the page says so.
  await row(admin, base).locator("a.row-title").click();
  await admin.getByRole("button", { name: word("en", "lists_admin.delete"), exact: true }).click();
  await expect(admin.locator("#row-used ~ ul")).toContainText(word("en", "lists_admin.used_records"));
});

test("t_set_09 a name that is taken is told at its field, and what was typed stays", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("supervisor1", await ownServer());
  const base = unique("hall");
  await visit(page, LIST);
  await name(page, { en: base, fr: `${base} fr` });
  await save(page);
  await expect(row(page, base)).toHaveCount(1);
  await name(page, { en: base.toUpperCase(), fr: unique("salle") });
  const french = await form(page).locator('[name="form[names][fr]"]').inputValue();
  await save(page);
  await expect(page.locator("#form-names-en-error")).toHaveText(word("en", "errors.duplicate_name"));
  await expect(form(page).locator('[name="form[names][en]"]')).toHaveValue(base.toUpperCase());
  await expect(form(page).locator('[name="form[names][fr]"]')).toHaveValue(french);
  await expect(row(page, base)).toHaveCount(1);
});

test("t_set_09 rows move, and those that nothing uses are deleted", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("supervisor1", await ownServer());
  await visit(page, LIST);
  const base = unique("hall");
  for (const which of ["one", "two"]) {
    await name(page, { en: `${base} ${which}` });
    await save(page);
    await expect(row(page, `${base} ${which}`)).toHaveCount(1);
  }
  await page.getByRole("button", { name: word("en", "lists_admin.move_up", { name: `${base} two` }) }).click();
  await expect(row(page, base).first()).toContainText(`${base} two`);
  await row(page, `${base} two`).locator("a.row-title").click();
  await page.getByRole("button", { name: word("en", "lists_admin.delete"), exact: true }).click();
  await expect(row(page, base)).toHaveCount(1);
});

test("t_set_02 technicians and requesters see no lists", { tag: "@plain" }, async ({ page, signIn, guard }) => {
  for (const who of ["tech1", "requester1"]) {
    await signIn(page, who);
    await seesNothing(page, guard, LIST);
  }
});
