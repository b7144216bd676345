// Pages only hide; that the server enforces is tested there, for every role and route. Here: what people get to see.
import { expect, seesNothing, test, visit } from "../fixtures/test.ts";

const AGENTS_ONLY = [
  "/tickets",
  "/tickets/new",
  "/tickets/1/history",
  "/tickets/1/print",
  "/audit",
  "/chat",
  "/tickets/1/chat",
  "/tickets/1/survey",
  "/tickets/1/solve",
  "/tickets/1/note",
  "/tickets/1/tasks",
  "/tasks",
  "/planner",
  "/tickets/1/validations",
  "/tickets/1/documents",
  "/tickets/1/statistics",
  "/reports",
  "/tickets/1/do/close",
  "/search?q=VPN",
  "/customers",
  "/customer-occurrences/new",
  "/reports/customer-occurrences",
  "/tickets/1/customer",
  "/knowledge/new",
  "/tickets/1/knowledge",
  "/trash",
  "/settings",
  "/settings/lists",
  "/settings/lists/request-sources",
  "/settings/templates",
  "/settings/mail",
  "/admin/users",
];

test("a requester gets Not found on every page of the agents", { tag: "@plain" }, async ({ page, signIn, guard }) => {
  await signIn(page, "requester1");
  for (const path of AGENTS_ONLY) {
    await seesNothing(page, guard, path);
    expect(await page.content(), path).not.toContain("Gateway 2 renegotiates");
  }
});

test("a requester who asks for a ticket is led to the request, or to nothing", async ({ page, signIn, guard }) => {
  await signIn(page, "requester1");
  await page.goto("/tickets/1");
  await expect(page).toHaveURL(/\/requests\/1$/);
  await seesNothing(page, guard, "/tickets/28");
});

test("an observer reads a ticket and finds no form to write in", async ({ page, signIn }) => {
  await signIn(page, "observer1");
  await visit(page, "/tickets/2");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("#2");
  await expect(page.locator('form[action$="/add_occurrence"]')).toHaveCount(0);
  await expect(page.locator('form[action$="/update_ticket"]')).toHaveCount(0);
  await expect(page.locator('form[action$="/run_command"]')).toHaveCount(0);
  await expect(page.locator('a[href="/tickets/new"]')).toHaveCount(0);
});

test("nobody is told anything before signing in", { tag: "@plain" }, async ({ page }) => {
  for (const path of [...AGENTS_ONLY, "/", "/requests", "/requests/1", "/profile", "/notifications", "/approvals", "/drafts", "/tickets/1"]) {
    await page.goto(path);
    await expect(page, path).toHaveURL(/\/sign-in/);
    expect(await page.content(), path).not.toContain("VPN drops");
  }
});

test("an address that does not exist says so, inside the own shell", async ({ page, signIn, guard }) => {
  await signIn(page, "tech1");
  await seesNothing(page, guard, "/tickets/999999");
  await expect(page.locator("nav.shell-rail")).toHaveCount(1);
  await seesNothing(page, guard, "/no/such/page");
});
