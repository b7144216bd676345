// From ticket to ticket of the list one came from; the priority that urgency and impact make.
import { expect, test, visit } from "../fixtures/test.ts";
import { word } from "../fixtures/words.ts";

test("a ticket shows its place in the list it was opened from, and leads to its neighbours", async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/tickets?status=all&sort=number&limit=25");
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem("guichet-list"))).toContain('"25"');
  await page.locator('a.row-title[href="/tickets/2"]').click();
  const heading = page.getByRole("heading", { level: 1 });
  const place = page.locator("nav.ticket-place");
  await expect(heading).toContainText("#2");
  await expect(place.locator("span")).toHaveText("2");
  await place.getByRole("link", { name: word("en", "tickets.next_ticket") }).click();
  await expect(page).toHaveURL(/\/tickets\/3$/);
  await expect(heading).toContainText("#3");
  await expect(place.locator("span")).toHaveText("3");
  await page.keyboard.press("[");
  await expect(page).toHaveURL(/\/tickets\/2$/);
  await expect(place.locator("span")).toHaveText("2");
  await page.keyboard.press("[");
  await expect(place.locator("span")).toHaveText("1");
  await expect(place.locator('a[aria-disabled="true"]')).toHaveCount(1);
  // Brackets belong to whoever is typing.
  await page.locator("#search").focus();
  await page.keyboard.press("]");
  await expect(page.locator("#search")).toHaveValue("]");
  await expect(page).toHaveURL(/\/tickets\/1$/);
});

test("a ticket that is in no list shows no place", async ({ page, signIn }) => {
  await signIn(page, "tech1");
  await visit(page, "/tickets/1");
  await expect(page.locator("nav.ticket-place")).toHaveAttribute("data-known", /.*/);
  await expect(page.locator("nav.ticket-place")).toBeHidden();
});

test("urgency and impact show the priority they make, until one is set by hand", async ({ page, signIn }) => {
  await signIn(page, "supervisor1");
  await visit(page, "/tickets/new");
  const made = page.locator("output.computed-priority .priority");
  await expect(made).toHaveAttribute("data-level", "3");
  await page.locator("#form-urgency").selectOption("5");
  await page.locator("#form-impact").selectOption("5");
  await expect(made).toHaveAttribute("data-level", "5");
  await expect(made).toContainText(word("en", "common.priority_5"));
  await page.locator("#form-impact").selectOption("1");
  await expect(made).toHaveAttribute("data-level", "2");
  await page.locator("#form-priority").selectOption("6");
  await expect(made).toBeHidden();
});
