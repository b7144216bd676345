// The agents' list: all of its state is in its address.
import { expect, test, visit } from "../fixtures/test.ts";
import { word } from "../fixtures/words.ts";

test.beforeEach(async ({ page, signIn }) => signIn(page, "tech1"));

const numbers = (cells: string[]): number[] => cells.map((text) => Number(text.replace(/\D/g, "")));

test("a text filter is in the address and can be taken out", async ({ page }) => {
  await visit(page, "/tickets");
  const box = page.locator('form.filter-bar input[name="text"]');
  await box.fill("VPN");
  await box.press("Enter");
  await expect(page).toHaveURL(/[?&]text=VPN/);
  await expect(page.locator('a.row-title[href="/tickets/1"]')).toBeVisible();
  await expect(page.locator('a.row-title[href="/tickets/60"]')).toHaveCount(0);
  const chip = page.locator(".chip").filter({ hasText: "VPN" });
  await chip.locator("a.chip-remove").click();
  await expect(page).not.toHaveURL(/text=VPN/);
});

test("t_lst_01 the menu Processes leads to the list, and the icon of a row opens its ticket", async ({ page }) => {
  await visit(page, "/");
  const more = page.locator("nav.shell-rail details.rail-more");
  await more.locator("summary").click();
  await expect(more).toContainText(word("en", "shell.ticket_management"));
  await more.getByRole("link", { name: word("en", "shell.ticket"), exact: true }).click();
  await expect(page).toHaveURL(/\/tickets$/);
  await visit(page, "/tickets?text=VPN");
  const row = page.locator("tbody tr").filter({ has: page.locator('a.row-title[href="/tickets/1"]') });
  await expect(row.locator("a.row-number")).toHaveAttribute("href", "/tickets/1");
  // Once for the keyboard, however many ways there are for the pointer.
  await expect(row.locator('a:not([tabindex="-1"])')).toHaveCount(1);
  await row.locator("a.row-open").click();
  await expect(page).toHaveURL(/\/tickets\/1$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("#1");
});

test("the filters behind the button apply together", async ({ page }) => {
  await visit(page, "/tickets");
  await page.locator('button[popovertarget="pop-filters"]').click();
  await page.locator("#filter-status").selectOption("pending");
  await page.locator("#filter-limit").selectOption("25");
  await page.locator("#pop-filters button[type=submit]").click();
  await expect(page).toHaveURL(/status=pending/);
  const states = page.locator("tbody .status");
  await expect(states.first()).toBeVisible();
  expect(new Set(await states.evaluateAll((all) => all.map((one) => one.getAttribute("data-status"))))).toEqual(new Set(["pending"]));
});

test("a shipped view is one click away", async ({ page }) => {
  await visit(page, "/tickets");
  await page.locator('button[popovertarget="pop-views"]').click();
  await page.locator("#pop-views").getByRole("link", { name: word("en", "list.view_unassigned") }).click();
  await expect(page).toHaveURL(/assignee=none/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(word("en", "list.view_unassigned"));
  await expect(page.locator('a.row-title[href="/tickets/60"]')).toBeVisible();
});

test("a column sorts downwards, then upwards, and says so", async ({ page }) => {
  await visit(page, "/tickets?status=all&limit=25");
  const head = page.locator("th.col-number");
  await head.locator("a").click();
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=(-|%2D)number/);
  const down = numbers(await page.locator("tbody .cell-number").allTextContents());
  expect(down[0]).toBeGreaterThanOrEqual(60);
  expect(down).toEqual([...down].sort((a, b) => b - a));
  await head.locator("a").click();
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await expect(page.locator("tbody .cell-number").first()).toHaveText("1");
});

test("pages follow each other without repetition or gap", async ({ page }) => {
  await visit(page, "/tickets?status=all&sort=number&limit=25");
  const seen: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const here = numbers(await page.locator("tbody .cell-number").allTextContents());
    seen.push(...here);
    const next = page.locator('nav.paging a[rel="next"]');
    if ((await next.count()) === 0) break;
    const before = String(here[0]);
    await next.click();
    await expect(page).toHaveURL(/cursor=/);
    await expect(page.locator("tbody .cell-number").first()).not.toHaveText(before);
  }
  expect(seen.length).toBeGreaterThanOrEqual(60);
  expect(seen).toEqual(Array.from(seen, (_, index) => index + 1));
});

test("filters that leave nothing over say so and offer the way back", async ({ page }) => {
  await visit(page, "/tickets?text=zzzznothing");
  await expect(page.getByRole("heading", { name: word("en", "list.empty_title") })).toBeVisible();
  await page.locator(".empty a").click();
  await expect(page.locator("a.row-title").first()).toBeVisible();
});

test("an unknown filter or value is refused and named, never ignored", async ({ page, guard }) => {
  guard.allowStatus(422);
  for (const query of ["colour=red", "status=purple", "sort=title", "cursor=abc"]) {
    await page.goto(`/tickets?${query}`);
    await expect(page.locator("#filter-errors")).toBeVisible();
    await expect(page.locator("a.row-title")).toHaveCount(0);
  }
  await page.goto("/tickets?status=purple");
  await page.locator("#filter-errors").getByRole("link", { name: word("en", "list.remove_this") }).click();
  await expect(page.locator("a.row-title").first()).toBeVisible();
});
