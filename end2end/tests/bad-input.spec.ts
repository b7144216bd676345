// What people must not send is told at its field, keeps what they typed, and never runs.
import type { Page } from "@playwright/test";
import { composer, entry, fill, nextWeek, openComposer, register, send, write, written } from "../fixtures/occurrences.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

const SCRIPT = '</textarea><script>document.title="pwned";window.pwned=1</script>';
const IMAGE = '<img src=x onerror="window.pwned=1">';

/** Nothing of what was typed has become an element or has run. */
async function nothingRan(page: Page): Promise<void> {
  await expect(page.locator("[onerror], img[src=x]")).toHaveCount(0);
  expect(await page.locator("script").evaluateAll((all) => 
      // The data of the page are text inside a script of ours.
      all.filter((script) => script.textContent?.includes("pwned") && !script.textContent.startsWith("__RESOLVED_RESOURCES")).length)).toBe(0);
  if (hasScripts()) expect(await page.evaluate(() => "pwned" in window)).toBe(false);
  expect(await page.title()).not.toBe("pwned");
}

test.beforeEach(async ({ page, signIn, guard }) => {
  guard.allowStatus(422);
  await signIn(page, "tech1");
});

test("an empty text is refused at its field", async ({ page }) => {
  const form = await openComposer(page, 1);
  await form.locator('[name="form[minutes]"]').fill("15");
  await send(form);
  await expect(composer(page).getByRole("alert").first()).toBeVisible();
  await expect(page.locator("#form-body-error")).toContainText(word("en", "errors.required"));
  await expect(composer(page).locator('[name="form[minutes]"]')).toHaveValue("15");
});

test("25 hours are refused at their field and the text is kept", async ({ page }) => {
  const text = unique("long");
  const form = await openComposer(page, 1);
  await fill(form, { text, visibility: "private", minutes: "25h" });
  await send(form);
  await expect(page.locator("#form-minutes-error")).toContainText(word("en", "errors.time_out_of_range"));
  expect(await written(composer(page))).toContain(text);
  await expect(composer(page).locator('[name="form[minutes]"]')).toHaveValue("25h");
  await expect(entry(page, text)).toHaveCount(0);
});

test("a duration that is none is refused at its field", async ({ page }) => {
  const form = await openComposer(page, 2);
  await fill(form, { text: unique("odd"), minutes: "soon" });
  await send(form);
  await expect(page.locator("#form-minutes-error")).toContainText(word("en", "errors.time_format"));
});

test("a date to come is refused at its field and everything typed is kept", async ({ page }) => {
  const text = unique("future");
  const occurredAt = nextWeek();
  const form = await openComposer(page, 30);
  await fill(form, { text, visibility: "private", occurredAt });
  await send(form);
  await expect(page.locator("#form-occurred_at-error")).toContainText(word("en", "errors.in_future"));
  const kept = composer(page);
  expect(await written(kept)).toContain(text);
  await expect(kept.locator('[name="form[occurred_at]"]')).toHaveValue(occurredAt);
  await expect(kept.locator('[name="form[visibility]"][value="private"]')).toBeChecked();
});

test("script in a text stays text, also in the draft after a refusal", async ({ page }) => {
  const mark = unique("script");
  const form = await openComposer(page, 1);
  await fill(form, { text: `${mark} ${SCRIPT} ${IMAGE}`, visibility: "private", minutes: "25h" });
  await send(form);
  await expect(page.locator("#form-minutes-error")).toBeVisible();
  await nothingRan(page);
  await visit(page, "/tickets/1?compose=occurrence");
  expect(await written(composer(page))).toContain(SCRIPT);
  await nothingRan(page);
  await composer(page).locator('[name="form[minutes]"]').fill("5");
  await send(composer(page));
  await expect(entry(page, mark)).toContainText(SCRIPT);
  await nothingRan(page);
  await visit(page, "/drafts");
  await nothingRan(page);
});

test("script in a public text reaches no requester as script", async ({ page, as }) => {
  const mark = unique("public");
  await register(page, 1, { text: `${mark} ${SCRIPT} ${IMAGE}`, visibility: "public" });
  const requester = await as("requester1");
  await visit(requester, "/requests/1");
  await expect(entry(requester, mark)).toContainText(IMAGE);
  await nothingRan(requester);
  await visit(page, `/search?q=${mark}`);
  await expect(page.locator("ol.results")).toBeVisible();
  await nothingRan(page);
});

test("script in title and description of a ticket stays text everywhere", async ({ page }) => {
  const mark = unique("title");
  await visit(page, "/tickets/new");
  const form = page.locator('form[action$="/create_ticket"]');
  await form.locator('[name="form[title]"]').fill(`${mark} ${IMAGE}</title>`);
  await write(form, `${mark} ${SCRIPT}`, "form[description]");
  await form.locator("button.btn-primary[type=submit]").click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${mark} ${IMAGE}</title>`);
  await expect(page).toHaveTitle(new RegExp(`${mark} <img`));
  await expect(page.locator("#description")).toContainText(SCRIPT);
  await nothingRan(page);
  await visit(page, `/tickets?status=all&text=${mark}`);
  await expect(page.locator("a.row-title")).toContainText(IMAGE);
  await nothingRan(page);
});

test("script in the address is shown as text", async ({ page }) => {
  for (const path of ["/search?q=", "/tickets?text=", "/tickets?status=", "/tickets/1?find="]) {
    await page.goto(path + encodeURIComponent(`${SCRIPT}${IMAGE}`));
    await nothingRan(page);
  }
});
