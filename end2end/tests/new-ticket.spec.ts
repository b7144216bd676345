// A new ticket with its customer, and one that follows another, with scripts and without.
import type { Locator, Page } from "@playwright/test";
import { write, written } from "../fixtures/occurrences.ts";
import { expect, hasScripts, hydrated, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

const form = (page: Page): Locator => page.locator("#new-ticket");
const title = (page: Page): Locator => form(page).locator('[name="form[title]"]');
const create = (page: Page): Promise<void> => form(page).locator(".form-foot button.btn-primary").click();
const number = (page: Page): string => /\/tickets\/(\d+)/.exec(page.url())?.[1] ?? "";

test("c_cus_03 a customer is looked for, and what was typed stays", { tag: "@pair" }, async ({ page, signIn }) => {
  const text = unique("pallet");
  await signIn(page, "tech1");
  await visit(page, "/tickets/new");
  await title(page).fill(`Wet ${text}`);
  await write(form(page), `Since today ${text}`, "form[description]");
  const chosen = form(page).locator(".customer-choice").filter({ hasText: "Northwind Foods" });
  const options = page.getByRole("listbox").getByRole("option");
  const found = hasScripts() ? options.filter({ hasText: "Northwind Foods" }) : chosen;
  // The scripts of the search may come behind the page: a word typed before is typed again.
  await expect(async () => {
    await form(page).locator('[name="words"]').fill("northwind");
    if (!hasScripts()) await form(page).getByRole("button", { name: word("en", "chooser.find"), exact: true }).click();
    await expect(found).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  if (hasScripts()) await found.click();
  else await chosen.locator("input").check();
  await expect(chosen.locator("input")).toBeChecked();
  await expect(title(page)).toHaveValue(`Wet ${text}`);
  expect(await written(form(page), "form[description]")).toContain(text);
  await create(page);
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  await visit(page, `/tickets/${number(page)}/customer`);
  await expect(page.locator(".customer-facts")).toContainText("Northwind Foods");
});

test("c_cus_03 the chosen customer outlives a reload", { tag: ["@scripts", "@desktop"] }, async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/tickets/new");
  await expect(async () => {
    await form(page).locator('[name="words"]').fill("northwind");
    await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await page.getByRole("listbox").getByRole("option").filter({ hasText: "Northwind Foods" }).click();
  const chosen = form(page).locator(".customer-choice").filter({ hasText: "Northwind Foods" });
  await expect(chosen.locator("input")).toBeChecked();
  // At once, before the draft is on the server.
  await page.reload();
  await hydrated(page);
  await expect(chosen.locator("input")).toBeChecked({ timeout: 15_000 });
  await form(page).locator('.draft-state button[form="discard-ticket"]').click();
  await expect(chosen).toHaveCount(0);
});

test("t_sta_30 a closed ticket leads to one that follows it", { tag: "@pair" }, async ({ page, server, signIn }) => {
  interface Closed {
    number: number;
    title: string;
    merged_into: number | null;
  }
  const { items } = await server.api<{ items: Closed[] }>("supervisor1", "GET", "/tickets?status=closed&limit=50");
  const source = items.find((one) => one.merged_into === null);
  if (!source) throw new Error("the demo desk has no closed ticket");
  const text = unique("again");
  await signIn(page, "supervisor1");
  await visit(page, `/tickets/${source.number}`);
  await page.locator('button[popovertarget="pop-more"]').click();
  await page.locator(`#pop-more a[href="/tickets/new?follow_up_of=${source.number}"]`).click();
  await expect(page).toHaveURL(new RegExp(`/tickets/new\\?follow_up_of=${source.number}$`));
  await hydrated(page);
  await expect(form(page).locator('[name="form[follow_up_of]"]')).toHaveValue(String(source.number));
  await expect(title(page)).toHaveValue(source.title);
  await write(form(page), `It is back ${text}`, "form[description]");
  await create(page);
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  const made = number(page);
  await expect(page.locator("#description")).toContainText(text);
  await visit(page, `/tickets/${source.number}/history`);
  await expect(page.locator("main")).toContainText(`#${made}`);
  await visit(page, `/tickets/${made}/history`);
  await expect(page.locator("main")).toContainText(`#${source.number}`);
});
