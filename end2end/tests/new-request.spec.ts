// A new request, on desktop and phone, with and without scripts: sent with a file, told received, found by the team;
// refused, it comes back with everything typed.
import type { Locator, Page } from "@playwright/test";
import { attach, write, written } from "../fixtures/occurrences.ts";
import { expect, hydrated, test, visit } from "../fixtures/test.ts";
import { pattern, unique, word } from "../fixtures/words.ts";

const form = (page: Page): Locator => page.locator("#new-request");
const title = (page: Page): Locator => form(page).locator('[name="form[title]"]');
const card = (page: Page, kind: string): Locator => form(page).locator(`label.choice-card:has(input[value="${kind}"])`);
const send = (page: Page): Promise<void> => form(page).locator(".form-foot button.btn-primary").click();

test.beforeEach(async ({ page, signIn }) => signIn(page, "requester1"));

test("a request is sent with a picture, told received, and found by the team", async ({ page, as }) => {
  test.slow();
  const text = unique("printer");
  await visit(page, "/requests");
  await page.locator('main a[href="/requests/new"]:visible').first().click();
  await expect(page).toHaveURL(/\/requests\/new$/);
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "requests.new_request"));
  await card(page, "incident").click();
  await title(page).fill(text);
  await write(form(page), `It jams since today ${text}`, "form[description]");
  await attach(form(page), "jam.png");
  // The upload loses nothing, with scripts and without.
  await expect(title(page)).toHaveValue(text);
  await expect(card(page, "incident").locator("input")).toBeChecked();
  expect(await written(form(page), "form[description]")).toContain(text);
  await send(page);
  await expect(page).toHaveURL(/\/requests\/\d+\?done=received$/);
  await expect(page.getByRole("status").filter({ hasText: pattern("en", "requests.done_received") })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(text);
  await expect(page.locator('#description img[alt="jam.png"]')).toBeVisible();
  await expect(page.locator(".request-files")).toContainText("jam.png");
  const number = /\/requests\/(\d+)/.exec(page.url())?.[1] ?? "";

  const agent = await as("tech1");
  await visit(agent, `/tickets?status=all&text=${text}`);
  await expect(agent.locator(`a.row-title[href="/tickets/${number}"]`)).toContainText(text);
  await visit(agent, `/tickets/${number}`);
  await expect(agent.locator("#description")).toContainText(`It jams since today ${text}`);

  await visit(page, "/requests");
  await expect(page.locator(`a.request-title[href="/requests/${number}"]`)).toHaveText(text);
});

test("a refused request comes back with everything typed", { tag: "@pair" }, async ({ page, guard }) => {
  guard.allowStatus(422);
  const text = unique("question");
  await visit(page, "/requests/new");
  await card(page, "question").click();
  // Blanks pass the browser, not the server.
  await title(page).fill("   ");
  await write(form(page), `How does it work ${text}`, "form[description]");
  await send(page);
  await expect(form(page).getByRole("alert")).toContainText(word("en", "errors.required"));
  await expect(card(page, "question").locator("input")).toBeChecked();
  expect(await written(form(page), "form[description]")).toContain(text);
  await title(page).fill(text);
  await send(page);
  await expect(page).toHaveURL(/done=received$/);
  await expect(page.locator("#description")).toContainText(`How does it work ${text}`);
  // What was sent is no draft any more.
  await visit(page, "/requests/new");
  await expect(title(page)).toHaveValue("");
});

test("what is typed outlives a reload", { tag: "@scripts" }, async ({ page }) => {
  const text = unique("begun");
  await visit(page, "/requests/new");
  await title(page).fill(text);
  await expect(form(page).locator(".draft-state")).not.toBeEmpty();
  await page.reload();
  await hydrated(page);
  await expect(title(page)).toHaveValue(text);
  await title(page).fill(`${text} sent`);
  await send(page);
  await expect(page).toHaveURL(/done=received$/);
});

test("the period of opening is in the address", { tag: "@pair" }, async ({ page }) => {
  await visit(page, "/requests?opened_from=2099-01-01");
  await expect(page.getByRole("heading", { name: word("en", "requests.no_match") })).toBeVisible();
  await expect(page.locator('[name="opened_from"]')).toHaveValue("2099-01-01");
  await page.locator('[name="opened_from"]').fill("");
  await page.locator(".filter-days button").click();
  await expect(page.locator('a.request-title[href="/requests/1"]')).toBeVisible();
});

test("a request that is over leads to a follow-up with its title", { tag: "@pair" }, async ({ page }) => {
  await visit(page, "/requests/4");
  await page.getByRole("link", { name: word("en", "requests.follow_up") }).click();
  await expect(page).toHaveURL(/\/requests\/new\?follow_up_of=4$/);
  await hydrated(page);
  await expect(form(page).locator('[name="form[follow_up_of]"]')).toHaveValue("4");
  await expect(title(page)).not.toHaveValue("");
});
