// One search finds tickets, articles and customers.
import { expect, test, visit } from "../fixtures/test.ts";
import { word } from "../fixtures/words.ts";

const w = (key: string): string => word("en", `search.${key}`);

test.beforeEach(async ({ page, signIn }) => signIn(page, "tech1"));

test("t_lst_08 an article stands beside the tickets, and alone", { tag: "@pair" }, async ({ page }) => {
  await visit(page, "/search");
  const box = page.locator('form.search-head input[name="q"]');
  await box.fill("VPN");
  await box.press("Enter");
  await expect(page).toHaveURL(/[?&]q=VPN/);
  await expect(page.locator("ol.results a[href^='/tickets/']").first()).toBeVisible();
  const title = "VPN: connect and stay connected";
  await expect(page.locator(".search-groups").getByRole("link", { name: title, exact: true })).toBeVisible();
  // On a narrow screen the groups stand below the tickets: the kinds say beforehand that there is something.
  const kinds = page.getByRole("navigation", { name: w("kinds"), exact: true });
  const articles = kinds.getByRole("link", { name: w("kind_articles") });
  await expect(articles.locator(".count")).toHaveText(/^\d\+?$/);
  await articles.click();
  await expect(page).toHaveURL(/[?&]kind=article/);
  await expect(kinds.locator("[aria-current]")).toHaveText(w("kind_articles"));
  await expect(page.locator("ol.results")).toHaveCount(0);
  await page.getByRole("link", { name: title, exact: true }).click();
  await expect(page).toHaveURL(/\/knowledge\/[^/]+$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
});

test("t_lst_08 a customer is found by a word of his name", { tag: "@pair" }, async ({ page }) => {
  await visit(page, "/search?q=northwind&kind=ticket");
  await expect(page.getByRole("link", { name: "Northwind Foods", exact: true })).toHaveCount(0);
  const kinds = page.getByRole("navigation", { name: w("kinds"), exact: true });
  await kinds.getByRole("link", { name: w("kind_customers") }).click();
  await expect(page).toHaveURL(/[?&]kind=customer/);
  await visit(page, "/search?q=northwind");
  await page.locator(".search-groups").getByRole("link", { name: "Northwind Foods", exact: true }).click();
  await expect(page).toHaveURL(/\/customers\/[^/]+$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Northwind Foods");
});
