// Access: an administrator adds a user with a role, who signs in by his link and sees what he should; others see nothing of it.
import { expect, seesNothing, test, visit } from "../fixtures/test.ts";
import { word } from "../fixtures/words.ts";

const PASSWORD = "quartz lantern 83 mossy";

test("t_rol_01 a new user signs in by his link and sees what his role allows", { tag: "@plain" }, async ({ as, browser, guard, ownServer }) => {
  const desk = await ownServer();
  const page = await as("admin", desk);
  await visit(page, "/");
  await page.locator('nav.shell-rail a[href="/admin"]').click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "admin.users"));
  await page.getByRole("link", { name: word("en", "admin.add_user") }).click();
  await page.locator("#form-name").fill("Rita Field");
  await page.locator("#form-email").fill("rita@example.org");
  await page.locator("#form-role").selectOption({ label: word("en", "admin.role_technician") });
  await page.getByRole("button", { name: word("en", "admin.add_user") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rita Field");
  const link = await page.locator(".admin-link input").inputValue();
  await page.reload();
  await expect(page.locator(".admin-link")).toHaveCount(0);

  const context = await browser.newContext({ baseURL: desk.url });
  await guard.watch(context);
  const rita = await context.newPage();
  await rita.goto(new URL(link).pathname + new URL(link).search);
  await rita.locator("#form-password").fill(PASSWORD);
  await rita.getByRole("button", { name: word("en", "admin.choose_password") }).click();
  await expect(rita.getByRole("heading", { level: 1 })).toHaveText(word("en", "shell.home"));
  await visit(rita, "/tickets");
  await expect(rita.locator('nav.shell-rail a[href="/admin"]')).toHaveCount(0);
  await seesNothing(rita, guard, "/admin/users");
  await context.close();
});

test("t_rol_08 the last administrator stays, and is told why", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("admin", await ownServer());
  await visit(page, "/admin/users?q=admin@");
  await page.locator(".admin-table .row-title").first().click();
  await page.getByRole("button", { name: word("en", "admin.disable"), exact: true }).click();
  await expect(page.locator(".error-summary")).toContainText(word("en", "errors.last_administrator"));
});

test("t_rol_02 a role is copied, changed, and says what it changes", { tag: "@plain" }, async ({ as, ownServer }) => {
  const page = await as("admin", await ownServer());
  await visit(page, "/admin/roles");
  await page.getByRole("link", { name: word("en", "admin.role_technician") }).click();
  await page.locator("#compare").selectOption({ label: word("en", "admin.role_supervisor") });
  await page.getByRole("button", { name: word("en", "admin.compare"), exact: true }).click();
  expect(await page.locator("tr[data-differs]").count()).toBeGreaterThan(5);
  await page.locator("#copy-name").fill("Dispatcher");
  await page.getByRole("button", { name: word("en", "admin.copy"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Dispatcher");
  await page.locator('input[value="ticket.assign"]').check();
  await page.getByRole("button", { name: word("en", "admin.save"), exact: true }).click();
  await expect(page.getByText(word("en", "admin.nobody_affected"))).toBeVisible();
  await expect(page.locator('input[value="ticket.assign"]')).toBeChecked();
});

test("nobody else sees the administration", { tag: "@plain" }, async ({ page, signIn, guard }) => {
  for (const who of ["tech1", "supervisor1", "requester1"]) {
    await signIn(page, who);
    for (const path of ["/admin", "/admin/users", "/admin/groups", "/admin/roles", "/admin/entities"]) {
      await seesNothing(page, guard, path);
    }
  }
});
