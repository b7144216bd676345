// The first run: an empty folder becomes a desk in which the main job can be done.
import { entry, write } from "../fixtures/occurrences.ts";
import { expect, hasScripts, hydrated, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

const PASSWORD = "correct-horse-battery-7";

test("the printed token opens set-up once, and the desk works", async ({ page, ownServer, guard }) => {
  test.slow();
  guard.allowStatus(401, 403, 404, 409, 422);
  const server = await ownServer({ empty: true });
  expect(server.setUpUrl).toContain("/setup?token=");
  const form = page.locator('form[action*="/set_up?"]');
  const fields = { organisation: "Example Ltd", time_zone: "Europe/Lisbon", name: "Ada Admin", email: "ada@example.org", password: PASSWORD };
  const complete = async (token?: string): Promise<void> => {
    for (const [name, value] of Object.entries(fields)) await form.locator(`[name="form[${name}]"]`).fill(value);
    if (token !== undefined) await form.locator('[name="form[token]"]').fill(token);
    await form.locator("button.btn-primary[type=submit]").click();
  };

  await test.step("a wrong token opens nothing", async () => {
    await visit(page, `${server.url}/setup?token=wrong`);
    await complete("wrong");
    await expect(page.getByRole("alert").first()).toBeVisible();
    // Without scripts there is nobody whose draft it could be.
    if (!hasScripts()) return;
    for (const [name, value] of Object.entries(fields)) await expect(form.locator(`[name="form[${name}]"]`)).toHaveValue(value);
  });

  await test.step("the right one does, and signs in", async () => {
    await visit(page, server.setUpUrl);
    await complete();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "shell.home"), { timeout: 15_000 });
  });

  await test.step("set-up is closed from now on", async () => {
    await visit(page, `${server.url}/setup`);
    await expect(form).toHaveCount(0);
    await expect(page.locator("main")).toContainText(word("en", "errors.setup_closed"));
  });

  await test.step("a ticket and an occurrence", async () => {
    await visit(page, `${server.url}/tickets/new`);
    const create = page.locator('form[action$="/create_ticket"]');
    await create.locator('[name="form[title]"]').fill("The first ticket");
    await write(create, "It works.", "form[description]");
    await create.locator("button.btn-primary[type=submit]").click();
    await expect(page).toHaveURL(/\/tickets\/1$/);
    await hydrated(page);
    const text = unique("first");
    await page.goto(`${server.url}/tickets/1?compose=occurrence`);
    await hydrated(page);
    const compose = page.locator('form.composer[action$="/add_occurrence"]');
    await write(compose, text);
    await compose.locator(".composer-send button.btn-primary[type=submit]").click();
    await expect(entry(page, text)).toHaveCount(1);
  });
});
