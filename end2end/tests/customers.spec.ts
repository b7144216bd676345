// Customers: an occurrence is registered by both doors, from the menu in English and from the page of a customer in
// Portuguese, with its image; it is changed, deleted and restored, and counts in the report.
import type { Locator, Page } from "@playwright/test";
import { png } from "../fixtures/occurrences.ts";
import { expect, hasScripts, seesNothing, test, visit } from "../fixtures/test.ts";
import { type Lang, pattern, unique, word } from "../fixtures/words.ts";

const w = (lang: Lang, key: string): string => word(lang, `customers.${key}`);
const form = (page: Page): Locator => page.locator("form.customer-form");
const entry = (page: Page, text: string): Locator => page.locator("li.customer-entry").filter({ hasText: text });
const submit = (page: Page, words: string): Promise<void> => form(page).getByRole("button", { name: words, exact: true }).click();
const option = (page: Page, name: string): Locator => page.getByRole("listbox").getByRole("option").filter({ hasText: name });
const done = (page: Page): Locator => page.locator('.banner[data-tone="done"]');

/** Uploads an image into the form; without scripts by its button, which loads the page anew. */
async function picture(page: Page, name: string): Promise<void> {
  await page.locator("#form-attachments").setInputFiles({ name, mimeType: "image/png", buffer: png(48, 32) });
  if (!hasScripts()) await form(page).locator(".drop-zone button[formaction]").click();
  const rows = form(page).locator(hasScripts() ? 'li.file-row[data-state="done"]' : "li.file-row");
  await expect(rows).toHaveCount(1, { timeout: 15_000 });
}

async function fill(page: Page, text: string, category: string, impact: string): Promise<void> {
  await form(page).locator('[name="form[body]"]').fill(text);
  await form(page).locator('[name="form[category]"]').selectOption({ label: category });
  await form(page).locator(`[name="form[impact]"][value="${impact}"]`).check();
}

test("c_occ_01 from the menu: the customer is looked for, and what was typed stays", { tag: "@pair" }, async ({ page, signIn }) => {
  const text = unique("wet");
  await signIn(page, "tech1");
  await visit(page, "/customer-occurrences/new");
  await expect(form(page).locator('[name="form[impact]"]:checked')).toHaveCount(0);
  await fill(page, `Pallets arrived ${text}`, "Delivery", "negative");
  const chosen = page.locator(".customer-choice").filter({ hasText: "Northwind Foods" });
  const found = hasScripts() ? option(page, "Northwind Foods") : chosen;
  // The scripts of the search may come behind the page: a word typed before is typed again.
  await expect(async () => {
    await form(page).locator('[name="form[search]"]').fill("northwind");
    if (!hasScripts()) await submit(page, word("en", "chooser.find"));
    await expect(found).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  if (hasScripts()) await found.click();
  else await chosen.locator("input").check();
  await expect(chosen.locator("input")).toBeChecked();
  await expect(form(page).locator('[name="form[body]"]')).toHaveValue(`Pallets arrived ${text}`);
  await picture(page, "pallet.png");
  await form(page).locator('[name="form[alt_1]"]').fill("A wet pallet");
  await submit(page, w("en", "register"));
  await expect(page).toHaveURL(/\/customers\/[^/]+\?done=registered#occurrence-/);
  await expect(done(page)).toHaveText(w("en", "done_registered"));
  const made = entry(page, text);
  await expect(made).toContainText(w("en", "negative"));
  await expect(made.locator("img")).toHaveAttribute("alt", "A wet pallet");

  await visit(page, "/reports/customer-occurrences?impact=negative");
  await expect(page.locator(".chart svg[role=img]")).toBeVisible();
  await expect(entry(page, text)).toHaveCount(1);
  await visit(page, "/reports/customer-occurrences?impact=positive");
  await expect(entry(page, text)).toHaveCount(0);
});

test("c_occ_01 from the page of a customer, in Portuguese; changed, deleted, restored", { tag: "@desktop" }, async ({ page, signIn }) => {
  const text = unique("molhado");
  await signIn(page, "tech2");
  await visit(page, "/customers?q=padaria");
  await page.getByRole("link", { name: "Padaria São João", exact: true }).click();
  await page.locator(".page-tools").getByRole("link", { name: w("pt-BR", "register_more") }).click();
  await expect(form(page)).toContainText("Padaria São João");
  await expect(form(page).locator('[name="form[search]"]')).toHaveCount(0);

  await test.step("a refusal is told at its field and loses nothing", async () => {
    await fill(page, " ", "Entrega", "neutral");
    await submit(page, w("pt-BR", "register"));
    await expect(page.locator("#form-body-error")).toHaveText(word("pt-BR", "errors.required"));
    await expect(form(page).locator('[name="form[impact]"][value="neutral"]')).toBeChecked();
  });

  await form(page).locator('[name="form[body]"]').fill(`Palete ${text}`);
  await submit(page, w("pt-BR", "register"));
  await expect(page).toHaveURL(/#occurrence-/);
  await expect(entry(page, text)).toContainText(w("pt-BR", "neutral"));
  await expect(entry(page, text).locator("time").first()).toHaveText(/^\d\d\/\d\d\/\d{4}$/);

  await entry(page, text).locator('a[href$="/edit"]').click();
  await form(page).locator('[name="form[impact]"][value="positive"]').check();
  await submit(page, w("pt-BR", "save"));
  await expect(entry(page, text)).toContainText(w("pt-BR", "positive"));

  await entry(page, text).locator('a[href$="/remove"]').click();
  await page.locator("button.btn-error").click();
  // The page that asks has no entries either.
  await expect(page).toHaveURL(/done=removed#occurrence-/);
  await expect(entry(page, text)).toHaveCount(0);
  const gone = page.locator(`${new URL(page.url()).hash}[data-gone]`);
  await expect(gone).toContainText(pattern("pt-BR", "customers.removed_by"));
  await gone.getByRole("button", { name: w("pt-BR", "restore") }).click();
  await expect(entry(page, text)).toHaveCount(1);
});

test("c_occ_03 the day in words follows the field", { tag: ["@scripts", "@desktop"] }, async ({ page, signIn }) => {
  await signIn(page, "tech2");
  await visit(page, "/customer-occurrences/new");
  // The scripts of the form may come behind the page: a day chosen before is chosen again.
  await expect(async () => {
    await form(page).locator('input[type="date"]').fill("2026-03-01");
    await expect(page.locator("#form-occurred_on-hint")).toHaveText("domingo, 1 de março de 2026", { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
});

test("c_occ_14 an open page of a customer offers what somebody else registered", { tag: ["@scripts", "@desktop"] }, async ({ page, server, signIn }) => {
  interface Known {
    customer: { id: string; name: string };
    category: { id: string };
    occurred_on: string;
  }
  const text = unique("late");
  const { items } = await server.api<{ items: Known[] }>("tech1", "GET", "/customer-occurrences?limit=50");
  // Of these two the other tests register, maybe at this moment.
  const known = items.find((one) => !["Northwind Foods", "Padaria São João"].includes(one.customer.name));
  if (!known) throw new Error("the demo desk has no customer occurrence");
  await signIn(page, "tech2");
  const here = `/customers/${known.customer.id}`;
  // The page may hear of other things by streams of their own.
  const listens = page.waitForResponse((answer) => answer.url().endsWith("/events?kinds=customer_occurrence"));
  await Promise.all([listens, visit(page, here)]);
  const rows = page.locator("li.customer-entry");
  const before = await rows.count();
  const happened = { body: text, category: known.category.id, impact: "neutral", occurred_on: known.occurred_on };
  await server.api("tech1", "POST", `${here}/occurrences`, happened);
  const news = page.locator("p.news a");
  await expect(news).toHaveText(word("pt-BR", "customers.news", { n: 1 }), { timeout: 10_000 });
  // Rows never move by themselves.
  await expect(rows).toHaveCount(before);
  await news.click();
  await expect(entry(page, text)).toHaveCount(1);
});

test("c_rep_01 the customer of the report is chosen alike with scripts and without", { tag: "@desktop" }, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/reports/customer-occurrences");
  const chooser = page.locator("#customer");
  const find = chooser.getByRole("button", { name: word("en", "chooser.find"), exact: true });
  await expect(find).toBeVisible();
  await expect(chooser.locator("[data-nothing]")).toBeHidden();
  await chooser.locator('[name="words"]').fill("northwind");
  await find.click();
  if (hasScripts()) await option(page, "Northwind Foods").click();
  await expect(chooser.locator(".customer-choice").filter({ hasText: "Northwind Foods" })).toBeVisible();
  await expect(chooser.locator("[data-nothing]")).toBeVisible();
  await expect(find).toBeVisible();
});

test("c_cus_03 a customer is chosen by keys alone", { tag: ["@scripts", "@desktop"] }, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/customer-occurrences/new");
  const words = form(page).getByRole("combobox", { name: word("en", "chooser.find_customer"), exact: true });
  await expect(words).toHaveAttribute("aria-expanded", "false");
  await words.pressSequentially("ltd");
  const options = page.getByRole("listbox").getByRole("option");
  await expect(options.nth(1)).toBeVisible();
  await expect(words).toHaveAttribute("aria-expanded", "true");
  await expect(form(page).locator("[data-said]")).toHaveText(new RegExp(`^${await options.count()} `));

  await words.press("ArrowDown");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await expect(words).toHaveAttribute("aria-activedescendant", (await options.first().getAttribute("id")) ?? "");
  await words.press("ArrowUp");
  await expect(options.last()).toHaveAttribute("aria-selected", "true");
  await words.press("Escape");
  await expect(words).toHaveAttribute("aria-expanded", "false");
  await expect(words).toHaveValue("ltd");
  await expect(words).not.toHaveAttribute("aria-activedescendant", /.*/);

  await words.fill("northwind");
  await expect(option(page, "Northwind Foods")).toBeVisible();
  await words.press("ArrowDown");
  await words.press("Enter");
  await expect(words).toBeFocused();
  await expect(page.getByRole("listbox")).toBeHidden();
  await expect(form(page).locator('[name="form[customer]"]:checked')).toHaveCount(1);
  await expect(page.locator(".customer-choice").filter({ hasText: "Northwind Foods" })).toBeVisible();
  await expect(page).toHaveURL(/\/customer-occurrences\/new$/);
});

test("c_rgt requesters see no customers", { tag: ["@plain", "@desktop"] }, async ({ page, signIn, guard }) => {
  await signIn(page, "requester1");
  for (const path of ["/customers", "/customer-occurrences/new", "/reports/customer-occurrences"]) {
    await seesNothing(page, guard, path);
  }
});
